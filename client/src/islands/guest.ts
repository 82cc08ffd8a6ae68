// Takes the secret of a guest link out of the address bar, sends it as a bearer token, and shows what it opens.
export default async function openLink(place: HTMLElement): Promise<void> {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname);
  const headers = { Authorization: `Bearer ${secret}` };
  const answer = await fetch((place as HTMLFormElement).action, { method: "POST", headers });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  const main = page.querySelector<HTMLElement>("main")!;
  document.querySelector("main")!.replaceWith(main);
  main.focus();
}
