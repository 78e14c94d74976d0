declare module "heic-decode" {
  type Decoded = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray };
  // biome-ignore lint/style/noDefaultExport: that package has no other
  export default function decode(input: { readonly buffer: Uint8Array }): Promise<Decoded>;
}
