// Pages work without this. It wakes the islands a page asks for with data-island="name".
import showErrors from "./islands/errors";
import leaveAtOnce from "./islands/leave";

/** One sound at a time: whoever starts another has heard enough of the first. */
document.addEventListener("play", ({ target }) => {
  for (const player of document.querySelectorAll<HTMLMediaElement>("audio, video")) if (player !== target) player.pause();
}, true);

type Island = (element: HTMLElement) => void;

const islands: Record<string, () => Promise<Island>> = {
  draft: async () => (await import("./islands/draft")).default,
  editor: async () => (await import("./islands/editor")).default,
  errors: async () => showErrors,
  leave: async () => leaveAtOnce,
  hints: async () => (await import("./islands/hints")).default,
  guest: async () => (await import("./islands/guest")).default,
  copy: async () => (await import("./islands/copy")).default,
  guard: async () => (await import("./islands/guard")).default,
  keys: async () => (await import("./islands/keys")).default,
  order: async () => (await import("./islands/order")).default,
  passkey: async () => (await import("./islands/passkey")).default,
  stay: async () => (await import("./islands/stay")).default,
  upload: async () => (await import("./islands/upload")).default,
  print: async () => (await import("./islands/print")).default,
  listen: async () => (await import("./islands/listen")).default,
  place: async () => (await import("./islands/place")).default,
  reading: async () => (await import("./islands/reading")).default,
  preview: async () => (await import("./islands/preview")).default,
};

for (const element of document.querySelectorAll<HTMLElement>("[data-island]")) {
  for (const name of element.dataset.island!.split(" ")) {
    void islands[name]?.().then((wake) => wake(element));
  }
}
