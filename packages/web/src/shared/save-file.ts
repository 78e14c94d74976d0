/** Hands a file to whoever sits here, as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it began.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A digest in groups of eight, so that it can be read out on the phone. */
export function groupsOf(hex: string): string {
  return hex.match(/.{1,8}/g)?.join(" ") ?? hex;
}
