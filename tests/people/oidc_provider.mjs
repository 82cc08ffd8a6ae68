// A real OpenID Connect provider (npm: oidc-provider) with two made-up people, for tests. Prints its port when it listens.
import Provider from "oidc-provider";

const [back, port] = process.argv.slice(2);
const people = {
  lee: { sub: "lee-at-work", name: "Lee", email: "lee@example.org", email_verified: true },
  rao: { sub: "rao-at-work", name: "Dr Rao", email: "rao.new@council.example", email_verified: true },
  jo: { sub: "jo-at-work", name: "Jo", email: "dee@example.org", email_verified: false },
};
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "planwiki", client_secret: "a secret between two programs", redirect_uris: [back] }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...people[id] }) }),
  cookies: { keys: ["for tests alone"] },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
