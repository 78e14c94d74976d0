import type { Pixels } from "@jikim/fingerprint";

/** Soft hills of one kind per seed, grey. */
export function hills(seed: number, width = 320, height = 240): Pixels {
  const data = new Uint8Array(width * height);
  const wave = (at: number, step: number) => Math.sin(at * step * (1 + ((seed * 7 + step * 13) % 5)) + seed * step);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const ground = 0.5 + 0.12 * wave(u, 3) + 0.08 * wave(u, 7 + (seed % 3)) + 0.05 * wave(u, 17);
      const light = v > ground ? 60 + 60 * wave(v - ground + u, 11 + (seed % 7)) : 170 + 70 * wave(v + u * 0.6, 5);
      data[y * width + x] = Math.max(0, Math.min(255, light));
    }
  }
  return { data, width, height, channels: 1 };
}

export function mirrored({ data, width, height }: Pixels): Pixels {
  const turned = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) turned[y * width + x] = data[y * width + (width - 1 - x)] ?? 0;
  }
  return { data: turned, width, height, channels: 1 };
}

export function flat(width = 100, height = 100): Pixels {
  return { data: new Uint8Array(width * height).fill(90), width, height, channels: 1 };
}

/** What is left when a share of width and height is cut off, half on each side. */
export function cropped({ data, width, height }: Pixels, share: number): Pixels {
  const [left, top] = [Math.round((width * share) / 2), Math.round((height * share) / 2)];
  const [w, h] = [width - 2 * left, height - 2 * top];
  const cut = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) cut[y * w + x] = data[(y + top) * width + x + left] ?? 0;
  }
  return { data: cut, width: w, height: h, channels: 1 };
}

/** On a black ground with a bar above and below. */
export function framed({ data, width, height }: Pixels): Pixels {
  const bar = Math.round(height * 0.3);
  const ground = new Uint8Array(width * (height + 2 * bar));
  ground.set(data, width * bar);
  return { data: ground, width, height: height + 2 * bar, channels: 1 };
}
