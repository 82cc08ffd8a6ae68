// Asks what fits the chosen file. Before one is chosen it asks nothing; of a file it cannot tell, everything.
const ENDINGS: Record<string, string> = { heic: "picture", heif: "picture", mov: "video", m4a: "sound", pdf: "paper" };
const KINDS: Record<string, string> = { image: "picture", audio: "sound", video: "video", application: "paper" };

export default function askByKind(form: HTMLFormElement): void {
  const file = form.querySelector<HTMLInputElement>("input[type=file]")!;
  const parts = form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-asks]");
  const ask = () => {
    const kind = kindOf(file.files?.[0]);
    form.classList.toggle("known", kind !== "any");
    for (const part of parts) {
      part.hidden = kind !== "any" && !part.dataset.asks!.split(" ").includes(kind);
      part.disabled = part.hidden;
    }
  };
  file.addEventListener("change", ask);
  if (!form.querySelector("[aria-invalid]")) ask();
}

function kindOf(file: File | undefined): string {
  if (!file) return "none";
  const ending = file.name.split(".").pop()!.toLowerCase();
  return KINDS[file.type.split("/")[0]!] ?? ENDINGS[ending] ?? "any";
}
