// What-you-see writing over the textarea, or plain text, as each account likes it. The editor is fetched only when wanted.
import type { Room } from "../editor/room";

export default async function wakeEditor(place: HTMLElement): Promise<void> {
  const box = place.querySelector("textarea")!;
  const toPlain = place.querySelector<HTMLButtonElement>("[data-to=plain]")!;
  const toButtons = place.querySelector<HTMLButtonElement>("[data-to=buttons]")!;
  const bar = place.querySelector<HTMLElement>("[role=toolbar]")!;
  const isOpen = (): boolean => place.dataset.open !== undefined;
  let room: Room | null = null;

  const open = async (): Promise<boolean> => {
    const { Room, canHold } = await import("../editor");
    if (isOpen() || !canHold(box.value)) return false;
    box.before(bar); // Below the label, on top of the words.
    bar.hidden = toPlain.hidden = false;
    toButtons.hidden = true;
    room ??= new Room(place, box); // One for the page: what its buttons do is said to them once.
    room.open();
    place.dataset.open = "";
    return true;
  };
  const close = (): void => {
    if (isOpen()) room!.close();
    delete place.dataset.open;
    bar.hidden = toPlain.hidden = true;
    toButtons.hidden = false;
  };
  toPlain.addEventListener("click", () => (close(), box.focus(), remember(true)));
  toButtons.addEventListener("click", () => void open().then((is) => is && (room!.focus(), remember(false))));
  if (place.dataset.plain !== undefined) close();
  else await open();
}

/** For the account. If it cannot be reached, the choice holds for this page. */
function remember(plain: boolean): void {
  void fetch("/me/writing", { method: "POST", body: new URLSearchParams(plain ? { plain: "yes" } : {}) }).catch(() => undefined);
}
