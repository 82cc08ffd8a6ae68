// The large buttons: one stop for Tab, arrows between them. Each says whether it is on.
import { closeHistory } from "prosemirror-history";
import type { EditorView } from "prosemirror-view";
import { doings, hasMark } from "./commands";
import { schema } from "./schema";

export class Tools {
  private buttons: HTMLButtonElement[];

  constructor(
    bar: HTMLElement,
    private view: () => EditorView,
    private asks: Record<string, () => void>,
  ) {
    this.buttons = [...bar.querySelectorAll<HTMLButtonElement>("[data-does]")];
    this.buttons.forEach((button, at) => (button.tabIndex = at ? -1 : 0));
    bar.addEventListener("keydown", (event) => this.move(event));
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // The words keep their cursor.
    bar.addEventListener("click", (event) => this.press(event));
  }

  focus(): void {
    this.buttons.find((button) => button.tabIndex === 0)?.focus();
  }

  show(): void {
    const { state } = this.view();
    for (const button of this.buttons) {
      const doing = doings[button.dataset.does!];
      if (doing?.isOn) button.setAttribute("aria-pressed", String(doing.isOn(state)));
      if (doing?.can) button.setAttribute("aria-disabled", String(!doing.can(state)));
      if (button.dataset.does === "link") button.setAttribute("aria-pressed", String(hasMark(state, schema.marks.link!)));
    }
  }

  private press(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-does]");
    if (!button) return;
    this.hold(button);
    const ask = this.asks[button.dataset.does!];
    if (ask) return ask();
    const view = this.view();
    doings[button.dataset.does!]!.run(view.state, view.dispatch, view);
    view.dispatch(closeHistory(view.state.tr)); // What is typed next is undone by itself.
    if ((event as MouseEvent).detail > 0) view.focus(); // Pressed by hand: go on writing. By keyboard: stay here.
  }

  private move(event: KeyboardEvent): void {
    const at = this.buttons.indexOf(document.activeElement as HTMLButtonElement);
    const count = this.buttons.length;
    const to = { ArrowRight: (at + 1) % count, ArrowLeft: (at + count - 1) % count, Home: 0, End: count - 1 }[event.key];
    if (event.key === "Escape") this.view().focus();
    if (to === undefined) return;
    event.preventDefault();
    this.hold(this.buttons[to]!);
    this.buttons[to]!.focus();
  }

  private hold(one: HTMLButtonElement): void {
    this.buttons.forEach((button) => (button.tabIndex = button === one ? 0 : -1));
  }
}
