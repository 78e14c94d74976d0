import sharp, { type Sharp } from "sharp";

/** A decoded RGB picture while it is edited. */
export type Rgb = { readonly data: Uint8Array; readonly width: number; readonly height: number };
/** Chance from 0 to 1, from a fixed seed. */
export type Chance = () => number;
export type EditOf = (picture: Rgb, chance: Chance) => Promise<Rgb>;

export function chanceFrom(seed: number): Chance {
  let state = Math.imul(seed + 1, 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

export async function rgbOf(picture: Sharp): Promise<Rgb> {
  const flat = picture.flatten({ background: "#fff" }).toColourspace("srgb").removeAlpha();
  const { data, info } = await flat.raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error("not RGB");
  return { data, width: info.width, height: info.height };
}

export function sharpOf({ data, width, height }: Rgb): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const svg = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);

function words(text: string, x: number, y: number, size: number, fill: string, more = ""): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" fill="${fill}" ${more}>${text}</text>`;
}

/** Cuts shares of width and height from the four sides. */
export function crop(left: number, top: number, right: number, bottom: number): EditOf {
  return (p) => {
    const [x, y] = [Math.round(p.width * left), Math.round(p.height * top)];
    const width = Math.round(p.width * (1 - right)) - x;
    return rgbOf(sharpOf(p).extract({ left: x, top: y, width, height: Math.round(p.height * (1 - bottom)) - y }));
  };
}

/** Cuts a share of width and height, evenly from both sides. */
export const cropEvenly = (share: number) => crop(share / 2, share / 2, share / 2, share / 2);

/** Cuts each side by a share of its own, anything up to `most`. */
export function cropAnyhow(most: number): EditOf {
  return (p, chance) => {
    const [left, top, right, bottom] = [chance(), chance(), chance(), chance()].map((share) => share * most);
    return crop(left ?? 0, top ?? 0, right ?? 0, bottom ?? 0)(p, chance);
  };
}

export function border(share: number, background: string): EditOf {
  return (p) => {
    const [x, y] = [Math.round(p.width * share), Math.round(p.height * share)];
    return rgbOf(sharpOf(p).extend({ left: x, right: x, top: y, bottom: y, background }));
  };
}

export function letterbox(aspect: number, background: string): EditOf {
  return (p) => {
    const x = Math.max(0, Math.round(p.height * aspect) - p.width);
    const y = Math.max(0, Math.round(p.width / aspect) - p.height);
    const sides = { left: x >> 1, right: x - (x >> 1), top: y >> 1, bottom: y - (y >> 1) };
    return rgbOf(sharpOf(p).extend({ ...sides, background }));
  };
}

export function caption(share: number, where: "top" | "bottom", background: string, ink: string): EditOf {
  return async (p) => {
    const height = Math.round(p.height * share);
    const larger = await rgbOf(sharpOf(p).extend({ [where]: height, background }));
    const size = Math.round(height * 0.32);
    const centred = `text-anchor="middle"`;
    const body =
      words("when you see this one day", p.width / 2, height * 0.42, size, ink, `${centred} font-weight="bold"`) +
      words("share it with friends", p.width / 2, height * 0.82, size, ink, centred);
    return rgbOf(
      sharpOf(larger).composite([{ input: svg(p.width, height, body), left: 0, top: where === "top" ? 0 : p.height }]),
    );
  };
}

/** The page of an invented app: status bar, account, the picture, buttons, comments, navigation. */
export function appFrame(paper: string, ink: string): EditOf {
  return async (p) => {
    const [width, height, top] = [720, 1480, 170];
    const scale = Math.min(width / p.width, (height - 420) / p.height);
    const [w, h] = [Math.round(p.width * scale), Math.round(p.height * scale)];
    const image = await sharpOf(p).resize(w, h, { fit: "fill" }).png().toBuffer();
    const under = top + h;
    const ring = (x: number) =>
      `<circle cx="${x}" cy="${under + 40}" r="18" fill="none" stroke="${ink}" stroke-width="4"/>`;
    const tab = (x: number) =>
      `<rect x="${x}" y="${height - 64}" width="36" height="36" rx="8" fill="none" stroke="${ink}" stroke-width="4"/>`;
    const body = [
      `<rect width="${width}" height="${height}" fill="${paper}"/>`,
      words("12:34", 24, 34, 24, ink),
      `<rect x="640" y="16" width="44" height="20" fill="${ink}"/><circle cx="60" cy="112" r="34" fill="#c06080"/>`,
      words("some_account_77", 112, 108, 26, ink, `font-weight="bold"`) + words("Seoul", 112, 140, 20, "#888"),
      ring(44) + ring(104) + words("1,204 likes", 24, under + 100, 24, ink),
      words("some_account_77 a lovely day out today", 24, under + 140, 24, ink),
      words("View all 88 comments", 24, under + 176, 22, "#888"),
      `<rect y="${height - 90}" width="${width}" height="2" fill="#888"/>`,
      ...[72, 252, 432, 612].map(tab),
    ].join("");
    return rgbOf(sharp(svg(width, height, body)).composite([{ input: image, left: (width - w) >> 1, top }]));
  };
}

/** Turned by a small angle: on a canvas of the same size, cut to what the picture fills, or on a canvas that has grown. */
export function tilt(degrees: number, canvas: "same" | "inside" | "grown", background = "#000"): EditOf {
  return async (p) => {
    const grown = await rgbOf(sharpOf(p).rotate(degrees, { background }));
    if (canvas === "grown") return grown;
    const angle = (Math.abs(degrees) * Math.PI) / 180;
    const fits = (a: number, b: number) => a / (a * Math.cos(angle) + b * Math.sin(angle));
    const keeps = canvas === "same" ? 1 : Math.min(fits(p.width, p.height), fits(p.height, p.width));
    const [width, height] = [Math.floor(p.width * keeps), Math.floor(p.height * keeps)];
    const area = { left: (grown.width - width) >> 1, top: (grown.height - height) >> 1, width, height };
    return rgbOf(sharpOf(grown).extract(area));
  };
}

function over(draw: (p: Rgb, chance: Chance) => string): EditOf {
  return (p, chance) => rgbOf(sharpOf(p).composite([{ input: svg(p.width, p.height, draw(p, chance)) }]));
}

/** A black box of shares of width and height, anywhere. */
export function blackBox(width: number, height: number): EditOf {
  return over((p, chance) => {
    const [x, y] = [chance() * (1 - width) * p.width, chance() * (1 - height) * p.height];
    return `<rect x="${x}" y="${y}" width="${width * p.width}" height="${height * p.height}"/>`;
  });
}

/** A yellow face anywhere, as wide as a share of the shorter side. */
export function stickerOf(share: number): EditOf {
  return over((p, chance) => {
    const r = (Math.min(p.width, p.height) * share) / 2;
    const [x, y] = [r + chance() * (p.width - 2 * r), r + chance() * (p.height - 2 * r)];
    const eye = (cx: number) => `<circle cx="${cx}" cy="${y - r / 5}" r="${r / 7}" fill="#402000"/>`;
    const mouth = `<path d="M${x - r / 2} ${y + r / 4} Q${x} ${y + r} ${x + r / 2} ${y + r / 4}" fill="none" stroke="#402000" stroke-width="${r / 8}"/>`;
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="#ffcc22"/>${eye(x - r / 3)}${eye(x + r / 3)}${mouth}`;
  });
}

export const smallMark: EditOf = over((p) => {
  const style = `text-anchor="end" font-weight="bold" stroke="#000"`;
  return words("@some_site.example", p.width * 0.97, p.height * 0.95, p.height * 0.06, "#fff", style);
});

export const largeMark: EditOf = over((p) => {
  const style = `text-anchor="middle" font-weight="bold" fill-opacity="0.6"`;
  return words("SAMPLE SITE", p.width / 2, p.height * 0.55, p.width * 0.11, "#fff", style);
});

export const quarterTurn =
  (degrees: 90 | 180 | 270): EditOf =>
  (p) =>
    rgbOf(sharpOf(p).rotate(degrees));
export const mirror: EditOf = (p) => rgbOf(sharpOf(p).flop());
export const invert: EditOf = (p) => rgbOf(sharpOf(p).negate());
export const shrink =
  (side: number): EditOf =>
  (p) =>
    rgbOf(sharpOf(p).resize(side, side, { fit: "inside" }));
export const recompress =
  (quality: number): EditOf =>
  async (p) =>
    rgbOf(sharp(await sharpOf(p).jpeg({ quality }).toBuffer()));

export function both(first: EditOf, second: EditOf): EditOf {
  return async (p, chance) => second(await first(p, chance), chance);
}
