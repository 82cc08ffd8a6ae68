// Leaves at once: the page goes blank, the way back does not lead here, and nothing asks "are you sure?".
export const LEAVING = "planwiki:leaving";

export default function leaveAtOnce(link: HTMLElement): void {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.classList.add("leaving");
    document.title = " ";
    document.dispatchEvent(new Event(LEAVING));
    location.replace((link as HTMLAnchorElement).href);
  });
}
