// Moves the reader to the list of what needs mending, and from a line of it into its field.
export default function showErrors(summary: HTMLElement): void {
  summary.focus();
  for (const link of summary.querySelectorAll<HTMLAnchorElement>("a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (field.closest(".field") ?? field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }
}
