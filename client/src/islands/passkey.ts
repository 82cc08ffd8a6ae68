// Lets a form ask this device for a passkey, or to make one. Without it, or where the device cannot, the form stays hidden.
const bytes = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Every device that knows passkeys takes bytes; only newer ones read the JSON by themselves.
function withBytes(options: any): any {
  const named = (list: any[] = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  made.excludeCredentials = named(options.excludeCredentials);
  made.allowCredentials = named(options.allowCredentials);
  return made;
}

function asJson(key: PublicKeyCredential): string {
  const said: Record<string, string> = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = (key.response as any)[name];
    if (value) said[name] = text(value);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response: said, clientExtensionResults: {} });
}

export default function usePasskey(form: HTMLElement): void {
  if (!window.PublicKeyCredential) return;
  const status = form.querySelector<HTMLElement>("[role=status]")!;
  const field = form.querySelector<HTMLInputElement>("[name=credential]")!;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.dataset.ask!, { method: "POST" });
      if (!answer.ok) return (form as HTMLFormElement).submit();
      const publicKey = withBytes(await answer.json());
      const how = { publicKey };
      const key = form.dataset.new === undefined ? await navigator.credentials.get(how) : await navigator.credentials.create(how);
      field.value = asJson(key as PublicKeyCredential);
      (form as HTMLFormElement).submit();
    } catch {
      status.textContent = form.dataset.away!;
    }
  });
}
