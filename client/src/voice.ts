// A voice that lives on this device. Browsers also offer voices that send the words to their maker: those are never used.
const WAIT_FOR_VOICES = 1500; // Milliseconds; some browsers find their voices late.
const WAIT_FOR_SOUND = 4000;
export const SPEEDS: Record<string, number> = { slow: 0.75, normal: 1, fast: 1.3 };

export async function voiceFor(language: string): Promise<SpeechSynthesisVoice | null> {
  if (!("speechSynthesis" in window)) return null;
  return find(language) ?? (await new Promise((found) => {
    const look = () => found(find(language));
    speechSynthesis.addEventListener("voiceschanged", look, { once: true });
    setTimeout(look, WAIT_FOR_VOICES);
  }));
}

function find(language: string): SpeechSynthesisVoice | null {
  const here = speechSynthesis.getVoices().filter((voice) => voice.localService);
  const tongue = (tag: string) => tag.toLowerCase().split(/[-_]/)[0];
  const same = here.filter((voice) => tongue(voice.lang) === tongue(language));
  return same.find((voice) => voice.lang.replace("_", "-") === language) ?? same.find((voice) => voice.default) ?? same[0] ?? null;
}

/** Says it; answers whether it was said to its end. */
export function say(words: string, voice: SpeechSynthesisVoice, speed: number): Promise<boolean> {
  const said = new SpeechSynthesisUtterance(words);
  Object.assign(said, { voice, lang: voice.lang, rate: speed });
  return new Promise((done) => {
    const silent = setTimeout(() => done(false), WAIT_FOR_SOUND);
    said.addEventListener("start", () => clearTimeout(silent));
    said.addEventListener("end", () => (clearTimeout(silent), done(true)));
    said.addEventListener("error", () => (clearTimeout(silent), done(false)));
    speechSynthesis.speak(said);
  });
}

export function hush(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
