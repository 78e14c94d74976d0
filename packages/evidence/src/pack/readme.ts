import type { PackManifest } from "./manifest.ts";

/**
 * README.txt of a pack: how to check it by hand, with tools that we did not write. It is compared to the letter when a pack is verified: other
 * words need another `version` of the manifest, and these stay for packs of version 1.
 */
export function readmeOf({
  packId,
  leftOut,
  keptUnder,
}: Pick<PackManifest, "packId" | "leftOut" | "keptUnder">): string {
  return `Jikim evidence pack ${packId}
지킴 증거 꾸러미

이 꾸러미는 지킴 없이도 확인할 수 있습니다. 아래 명령은 데비안의 age, coreutils, openssl, jq를 씁니다.
This pack can be checked without Jikim. The commands below use age, coreutils, openssl and jq as in Debian.

1. 열기 / open
   age -d -i KEYFILE PACK | tar x && cd jikim-pack-${packId}

2. 센터의 서명 / the centre's signature (Ed25519, RFC 8032)
   printf 'jikim/pack/v1\\n' | cat - seal/manifest.json > /tmp/signed
   openssl pkeyutl -verify -pubin -inkey seal/key.pem -rawin -in /tmp/signed -sigfile seal/manifest.sig
   이 열쇠가 센터의 것인지는 센터의 안내문에 인쇄된 루트(16진수 64자)로 확인합니다. ROOT 자리에 그것을 넣으십시오.
   seal/certificate.json이 없으면 센터 밖에서 만든 것이고, 누구의 열쇠인지 아무도 보증하지 않습니다.
   Whether this is the centre's key: put the root printed on its leaflet (64 hex digits) in the place of ROOT. The last line must say SAME KEY.
   Where seal/certificate.json is not there, the pack was made outside a centre, and nobody vouches for its key.
   printf '302A300506032B6570032100%s' ROOT | tr a-f A-F | basenc -d --base16 > /tmp/root.der
   (printf 'jikim/certificate/v1\\n'; jq -j .payload seal/certificate.json) > /tmp/certified
   (jq -j .signature seal/certificate.json; printf '==') | basenc -d --base64url > /tmp/certified.sig
   openssl pkeyutl -verify -pubin -keyform DER -inkey /tmp/root.der -rawin -in /tmp/certified -sigfile /tmp/certified.sig
   openssl pkey -pubin -in seal/key.pem -outform DER | tail -c 32 | basenc -w 0 --base16 | tr A-F a-f > /tmp/key
   jq -j '.payload|fromjson|select(.kind=="service").verifyKey' seal/certificate.json | cmp - /tmp/key && echo SAME KEY

3. 파일이 서명된 그대로이고 다른 것은 없는지 / files as they were signed, and no other
   jq -r '.files[]|.sha256+"  "+.path' seal/manifest.json | sha256sum --strict -c
   jq -r '.files[].path' seal/manifest.json | LC_ALL=C sort > /tmp/paths; find data ! -type d | LC_ALL=C sort | diff /tmp/paths - && echo NO OTHER
   BagIt(RFC 8493)의 목록은 서명되지 않았으니 위의 것만 믿으십시오. BagIt's own lists are not signed: they find damage, not forgery.
   sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
   sha512sum -c manifest-sha512.txt

4. 시각 / time (RFC 3161), where seal/timestamp.tsr is there
   openssl ts -verify -data seal/manifest.sig -in seal/timestamp.tsr -CAfile ROOTS.pem

5. 기록 / the log (RFC 6962, C2SP tlog-proof), where seal/log-proof.txt is there
   The leaf is SHA-256 over "jikim/log-entry/v1\\n", the salt and the body of seal/log-entry.json.

6. 담긴 증거 / exhibits inside, where data/exhibits/N is there
   Each exhibit was sealed for itself before: data/exhibits/N/seal has the same files as seal/, and steps 2, 4 and 5 hold for them alike.
   In its manifest the paths are as they were then: data/x stands here as data/exhibits/N/x.
   A chat is chat.json: some messages, each with the proof that it stood at its place among all of them (RFC 6962), and how many were left out.
   각 증거는 먼저 따로 봉인되었고 제 서명과 시각과 기록을 data/exhibits/N/seal 에 가지고 있습니다. 2, 4, 5를 그대로 할 수 있습니다.

불법촬영물이 들어 있을 수 있는 파일은 저장하지 않았습니다. 저장하지 않은 것의 해시와 이유는 seal/manifest.json 의 notStored 에 있습니다.
What may be an unlawful picture was not stored. Its digests and the reason are in seal/manifest.json under notStored.
${leftOut === undefined ? "" : leftOutWords(leftOut.length)}${keptUnder === undefined ? "" : KEPT_WORDS}`;
}

function leftOutWords(count: number): string {
  return `
7. 빼놓은 것 / left out
   수집할 때 봉인해 남긴 파일 ${count}개는 이 꾸러미에 없고 센터에 봉인되어 있습니다. seal/manifest.json 의 leftOut 이 그 해시를 말합니다.
   ${count} files that captures kept under a seal of their own are not in this pack; they stay sealed at the centre. leftOut in seal/manifest.json has
   their digests; each must stand in the exhibit's own signed list, by the same digest, as type application/age below data/kept:
   jq -r '.leftOut[]|"\\(.exhibit) \\(.path) \\(.sha256)"' seal/manifest.json | while read -r n path sha; do
   jq -e --arg p "$path" --arg s "$sha" '.mode=="keep-matching" and any(.files[]; .path==$p and .sha256==$s and .type=="application/age")' \\
   "data/exhibits/$n/seal/manifest.json"; done
`;
}

const KEPT_WORDS = `
8. 봉인해 남긴 것 / what was kept
   사람을 찍은 그림이나 영상이 있을 수 있습니다. 여는 것은 seal/manifest.json 의 keptUnder 에 적힌 근거로만 하십시오.
   It may hold pictures or films of a person. Open it only on the ground that keptUnder in seal/manifest.json names:
   age -d -i data/kept-keys/N.txt data/exhibits/N/kept/1.age
`;
