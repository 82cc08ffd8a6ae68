// A device with a voice of its own and one from far away, since the tests' browser has none. `said` is what was spoken.
window.said = [];
const voices = [
  { name: "far away", lang: "en-GB", localService: false, default: true },
  { name: "of this device", lang: "en-GB", localService: true, default: false },
];
let newest = 0;
const fake = {
  getVoices: () => voices,
  addEventListener: () => undefined,
  cancel: () => newest++,
  speak: (words) => {
    const mine = ++newest;
    window.said.push([words.text, words.voice.name, words.rate]);
    setTimeout(() => mine === newest && words.dispatchEvent(new Event("start")));
    if (window.quick) setTimeout(() => mine === newest && words.dispatchEvent(new Event("end")), 5);
  },
};
Object.defineProperty(window, "speechSynthesis", { value: fake });
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) {
    super();
    this.text = text;
  }
};
