// On a shared tablet: whoever writes slowly is not quiet. Writing asks for five minutes more, at most once a minute,
// and the page waits as long. Without script, or where nobody answers, it closes by itself as it would have.
const MINUTE = 60_000;

export default function stayWhileWriting(form: HTMLElement): void {
  let asked = Date.now();
  let closing = 0;

  async function stay(): Promise<void> {
    const answer = await fetch("/tablet/stay", { method: "POST", redirect: "manual" }).catch(() => null);
    if (answer?.status !== 204) return;
    window.stop(); // The time that the page came with.
    window.clearTimeout(closing);
    closing = window.setTimeout(() => location.replace("/tablet"), 5 * MINUTE);
  }

  form.addEventListener("input", () => {
    if (Date.now() - asked < MINUTE) return;
    asked = Date.now();
    void stay();
  });
}
