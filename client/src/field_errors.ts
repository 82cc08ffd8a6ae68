// What the server says about a field, by the field, as a page without script shows it. One goes on in the first of them.

/** Were all of them shown? Else nothing is: what has no field here is said elsewhere. */
export function showErrors(form: HTMLFormElement, errors: Record<string, string>): boolean {
  const wrong = Object.entries(errors).map(([name, words]) => [fieldOf(form, name), words] as const);
  if (!wrong.length || wrong.some(([field]) => !field)) return false;
  for (const [field, words] of wrong) mark(field!, words);
  wrong[0]![0]!.focus();
  return true;
}

export function clearErrors(form: HTMLFormElement): void {
  for (const words of form.querySelectorAll(".error")) {
    const field = form.querySelector<HTMLElement>(`[aria-describedby~="${words.id}"]`);
    field?.removeAttribute("aria-invalid");
    field?.setAttribute("aria-describedby", othersThan(words.id, field));
    words.closest(".field")?.classList.remove("wrong");
    words.remove();
  }
}

function fieldOf(form: HTMLFormElement, name: string): HTMLElement | undefined {
  return [...form.querySelectorAll<HTMLElement>(`[name="${CSS.escape(name)}"]`)].find((one) => one.checkVisibility());
}

function mark(field: HTMLElement, words: string): void {
  const said = document.createElement("p");
  said.className = "error";
  said.id = `${field.id}-error`;
  said.textContent = words;
  (field.closest(".choices") ?? field).before(said);
  field.closest(".field")?.classList.add("wrong");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${othersThan(said.id, field)} ${said.id}`.trim());
}

function othersThan(id: string, field: HTMLElement): string {
  const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
  return ids.filter((one) => one && one !== id).join(" ");
}
