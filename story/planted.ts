/** Words that nobody else writes: where one of them turns up, it came from her. */
export const HER_WORDS = {
  story: "심어둔이야기노을빛고래 JIKIMPLANTEDSTORY",
  names: "심어둔이름가상인물달팽이 JIKIMPLANTEDNAME",
  ways: "심어둔연락처 JIKIMPLANTEDWAY 000-0000",
  when: "심어둔때 JIKIMPLANTEDWHEN",
  where: "심어둔곳 JIKIMPLANTEDWHERE",
  maySay: "심어둔안부 JIKIMPLANTEDMAYSAY",
  answer: "심어둔답장 JIKIMPLANTEDANSWER",
} as const;

/** What staff write into her case; sealed like hers. */
export const STAFF_WORDS = {
  message: "심어둔메시지 JIKIMPLANTEDMESSAGE",
  mandate: "심어둔위임 JIKIMPLANTEDMANDATE",
  note: "심어둔메모 JIKIMPLANTEDNOTE",
  agreed: "심어둔동의 JIKIMPLANTEDAGREED",
} as const;

/** The police unit that gets the pack, and its receipt; kept under the data key. */
export const UNIT = {
  name: "지어낸경찰서 JIKIMPLANTEDUNIT",
  receipt: "JIKIMPLANTEDRECEIPT-7",
  who: "JIKIMPLANTEDOFFICER",
} as const;

/** Where it was seen: the address on the board, and a room. */
export const POST = "jikim-planted-post";
export const ROOM = "@jikim_planted_room";
/** What links carry that tells who shared them. */
export const TRACKING = "JIKIMPLANTEDTRACK";

/** What the report's answers become as codes, which must stand in no database. */
export const CODES = ["synthesised", "harassed", "20s"] as const;

/** Pictures as her phone holds them; the file names must never leave it. */
export const FILE_NAMES = ["JIKIMPLANTEDFILENAME.jpg", "JIKIMPLANTEDFILENAME-2.jpg"] as const;

/** The address that browsers come from. Other systems than Linux answer to 127.0.0.1 alone. */
export const CLIENT_ADDRESS = process.platform === "linux" ? "127.45.67.89" : "127.0.0.1";
