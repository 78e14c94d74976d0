import sharp from "sharp";
import { type Chance, chanceFrom, type Rgb, rgbOf } from "./edit-list.ts";

/** An invented landscape: hills of noise before a sky, each with colours of its own. */
export function landscape(seed: number): Rgb {
  const chance = chanceFrom(seed * 7 + 3);
  const [width, height] = [480, 360];
  const waves = Array.from({ length: 24 }, () => ({
    x: (chance() - 0.5) * 0.5 * chance(),
    y: (chance() - 0.5) * 0.5 * chance(),
    phase: chance() * 7,
    weight: 10 + 30 * chance(),
  }));
  const ridges = Array.from({ length: 4 }, (_, at) => ({
    base: (at + 1 + chance()) * 70,
    slope: chance(),
    turn: chance() * 9,
  }));
  const paints = Array.from({ length: 5 }, () => [chance(), chance(), chance()].map((share) => 40 + 190 * share));
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const layer = ridges.filter((r) => y > r.base + 40 * Math.sin(x * 0.03 * r.slope + r.turn)).length;
      const light =
        waves.reduce((sum, wave) => sum + wave.weight * Math.sin(x * wave.x + y * wave.y + wave.phase), 0) * 0.25;
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = (paints[layer]?.[c] ?? 0) + light;
    }
  }
  return { data: Uint8Array.from(data), width, height };
}

const SAYINGS = [
  "ok",
  "see you at eight",
  "did you eat?",
  "어디야",
  "지금 가는 중이야",
  "what a day",
  "그래 알겠어",
  "haha",
  "call me",
];

function bubble(y: number, chance: Chance): string {
  const lines = 1 + Math.floor(chance() * 3);
  const mine = chance() < 0.5;
  const width = 160 + chance() * 300;
  const x = mine ? 700 - width : 90;
  const text = Array.from({ length: lines }, (_, at) => {
    const saying = SAYINGS[Math.floor(chance() * SAYINGS.length)] ?? "";
    return `<text x="${x + 16}" y="${y + 34 + at * 34}" font-size="24" font-family="sans-serif" fill="#222">${saying}</text>`;
  }).join("");
  const face = mine ? "" : `<circle cx="48" cy="${y + 30}" r="28" fill="hsl(${chance() * 360} 50% 60%)"/>`;
  const fill = mine ? "#ffe94a" : "#ffffff";
  return `${face}<rect x="${x}" y="${y}" width="${width}" height="${lines * 34 + 20}" rx="18" fill="${fill}"/>${text}`;
}

/** A screenshot of an invented chat. */
export function chat(seed: number): Promise<Rgb> {
  const chance = chanceFrom(seed * 13 + 5);
  const paper = ["#b2c7da", "#ffffff", "#1c1c1e", "#e5ddd5"][Math.floor(chance() * 4)] ?? "#fff";
  let y = 130;
  let body = `<rect width="720" height="1480" fill="${paper}"/><rect width="720" height="100" fill="#f4f4f4"/>`;
  body += `<text x="90" y="70" font-size="30" font-family="sans-serif">room ${Math.floor(chance() * 900)}</text>`;
  while (y < 1300) {
    body += bubble(y, chance);
    y += 80 + chance() * 150;
  }
  body += `<rect y="1390" width="720" height="90" fill="#fafafa"/><rect x="90" y="1406" width="520" height="58" rx="28" fill="#e6e6e6"/>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="1480">${body}</svg>`;
  return rgbOf(sharp(Buffer.from(drawing)));
}
