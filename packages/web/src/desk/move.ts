/** Links and buttons of a list that stand for a row. */
const rowsOf = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>("[data-row]")];

/** Whether a key was pressed as a command: not while writing, and not together with another. */
export function isCommand(event: KeyboardEvent): boolean {
  const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
  return !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** j and k move the focus to the row below and above. */
export function moveAmong(event: KeyboardEvent, list: HTMLElement | undefined): void {
  if (list === undefined || !isCommand(event) || (event.key !== "j" && event.key !== "k")) return;
  const rows = rowsOf(list);
  const at = rows.findIndex(
    (row) => row === document.activeElement || row.closest("li")?.contains(document.activeElement),
  );
  const to = event.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
  event.preventDefault();
  rows[to]?.focus();
}
