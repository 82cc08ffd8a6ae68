// A button for what every browser has in its menu. Without script there is no button, and the menu still works.
export default function print(button: HTMLElement): void {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
