// Nothing moves under a finger: what makes the page longer or shorter waits until nobody presses.
let pressing = false;
const waiting: (() => void)[] = [];

document.addEventListener("pointerdown", () => (pressing = true), true);
// Only once whatever was pressed has heard of it.
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(release), true);

function release(): void {
  pressing = false;
  for (const act of waiting.splice(0)) act();
}

export function whenStill(act: () => void): void {
  if (pressing) waiting.push(act);
  else act();
}
