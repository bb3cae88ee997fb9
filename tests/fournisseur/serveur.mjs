// A real OpenID Connect provider for the tests, with the login page cut down to two fields. First line printed: its address.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const reglages = JSON.parse(process.argv[2]); // {client, comptes: {login: {sub, siret, email}}, cles_client}
const cle = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const serveur = createServer();
serveur.listen(Number(reglages.port ?? 0), '127.0.0.1', () => {
  const emetteur = `http://127.0.0.1:${serveur.address().port}`;
  const provider = new Provider(emetteur, {
    clients: [reglages.client],
    jwks: { keys: [{ ...cle, alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['essai'] },
    pkce: { methods: ['S256'], required: () => false },
    acrValues: ['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'],
    claims: {
      openid: ['sub'], acr: null, amr: null, given_name: ['given_name'], usual_name: ['usual_name'], email: ['email'], siret: ['siret'], uid: ['uid'],
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'] },
    features: {
      devInteractions: { enabled: false }, claimsParameter: { enabled: true }, jwtUserinfo: { enabled: true },
    },
    findAccount: (_ctx, id) => (reglages.comptes[id]
      ? { accountId: id, claims: () => reglages.comptes[id] } : undefined),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid given_name usual_name email siret uid');
      grant.addOIDCClaims(['acr', 'amr']);
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, suite) => {
    if (!ctx.path.startsWith('/interaction/')) return suite();
    if (ctx.method === 'GET') {
      ctx.body = `<form method="post" action="${ctx.path}"><input name="login"><input name="acr"></form>`;
      return undefined;
    }
    const morceaux = [];
    for await (const morceau of ctx.req) morceaux.push(morceau);
    const saisie = new URLSearchParams(Buffer.concat(morceaux).toString());
    const login = { accountId: saisie.get('login'), acr: saisie.get('acr'), remember: false };
    await provider.interactionFinished(ctx.req, ctx.res, { login });
    ctx.respond = false;
    return undefined;
  });
  serveur.on('request', provider.callback());
  console.log(emetteur);
});
