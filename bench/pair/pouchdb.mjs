// The peer of bench/sync: PouchDB and express-pouchdb, as their own documentation sets them up (leveldb on both sides).
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(process.cwd() + '/');
const PouchDB = require('pouchdb');
const [, , role, ou, quoi] = process.argv;
const dire = (x) => console.log(JSON.stringify(x));
const lignes = createInterface({ input: process.stdin });
const LOT = 5000;
const changer = async (base, n, marque) => {
  const lus = await base.allDocs({ include_docs: true, limit: n });
  await base.bulkDocs(lus.rows.map((r) => ({ ...r.doc, marque })));
};
if (role === 'serveur') {
  const app = require('express')();
  const Ici = PouchDB.defaults({ prefix: ou + '/' });
  app.use('/', require('express-pouchdb')(Ici, { mode: 'minimumForPouchDB', logPath: ou + '/log.txt' }));
  const base = new Ici('essai');
  const docs = readFileSync(quoi, 'utf8').trim().split('\n').map((x) => JSON.parse(x));
  for (let i = 0; i < docs.length; i += LOT) await base.bulkDocs(docs.slice(i, i + LOT));
  const serveur = app.listen(0, '127.0.0.1', () => dire({ port: serveur.address().port }));
  lignes.on('line', async (x) => { await changer(base, Number(x), 'serveur ' + Date.now()); dire({ change: true }); });
} else {
  const ici = new PouchDB(ou);
  let la = new PouchDB(quoi);
  const options = { batch_size: 1000, batches_limit: 10 };
  lignes.on('line', async (commande) => {
    if (commande.startsWith('http')) {
      // Another way to the same server: the first time, every document is examined again.
      la = new PouchDB(commande);
      await ici.replicate.from(la, options);
      await ici.replicate.to(la, options);
    }
    if (commande === 'changer') await changer(ici, 1000, 'client ' + Date.now());
    const debut = process.hrtime.bigint();
    let n = 0;
    if (commande === 'tirer') n = (await ici.replicate.from(la, options)).docs_written;
    if (commande === 'pousser') n = (await ici.replicate.to(la, options)).docs_written;
    dire({ s: Number(process.hrtime.bigint() - debut) / 1e9, n });
  });
  dire({ pret: true });
}
