// Sound and video go on at the second where somebody left them, and tell where they are.
const STEP = 5; // Seconds that are worth telling.

export function resumePlayers(left: string, second: number, tell: (id: string, second: number) => void): void {
  for (const player of document.querySelectorAll<HTMLMediaElement>("audio, video")) {
    const id = player.getAttribute("src")!.split("/").at(-1)!;
    let told = id === left ? second : 0;
    const say = (now: number) => tell(id, (told = now));
    if (told) atOnceOr(player, () => (player.currentTime = told));
    player.addEventListener("timeupdate", () => Math.abs(player.currentTime - told) >= STEP && say(Math.floor(player.currentTime)));
    player.addEventListener("pause", () => player.ended || say(Math.floor(player.currentTime)));
    player.addEventListener("ended", () => say(0));
  }
}

function atOnceOr(player: HTMLMediaElement, go: () => void): void {
  if (player.readyState) go();
  else player.addEventListener("loadedmetadata", go, { once: true });
}
