// Shows each choice of how pages look at once, on this page. Nothing is kept before it is saved.
const STANDS_IN: Record<string, string> = {
  look: "look",
  text_size: "text",
  line_spacing: "spacing",
  letters: "letters",
  pictures: "pictures",
  motion: "motion",
};

export default function showChoices(form: HTMLElement): void {
  const show = (choice: HTMLInputElement) => {
    const name = STANDS_IN[choice.name];
    if (name && choice.checked) document.documentElement.dataset[name] = choice.value;
    if (choice.name === "speed" && choice.checked) {
      for (const reader of document.querySelectorAll<HTMLElement>("[data-speed]")) reader.dataset.speed = choice.value;
    }
  };
  form.addEventListener("change", ({ target }) => show(target as HTMLInputElement));
  // A browser that goes back puts choices where they were left.
  window.addEventListener("pageshow", () => form.querySelectorAll<HTMLInputElement>(":checked").forEach(show));
}
