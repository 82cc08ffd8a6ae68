// The keys 1 to 9 press the first nine buttons of a form.
export default function pressByKeys(form: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    form.querySelectorAll<HTMLButtonElement>("button[name=picture]")[Number(event.key) - 1]?.click();
  });
}
