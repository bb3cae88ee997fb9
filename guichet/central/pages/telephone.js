// The visitor's side of a telephone link: photos are taken with a guide, made light, and sent part by part; a cut line costs one part.
"use strict";

const PART_OCTETS = 128 * 1024; // as the centre's services/telephone.py
const COTE_PX = 3000; // of the longest side: an A4 at 250 dots an inch
const QUALITE = 0.85;
const SILENCE_MS = 45_000;
const ATTENTES_MS = [500, 1000, 2000, 4000];
const SUIVI_MS = 1500;
const TEXTES = {
  adresse: "Cette page ne peut servir qu'à une adresse sûre (https). Demandez au conseiller de numériser vos papiers.",
  attente: "en attente",
  aucune: "Aucune photo envoyée.",
  camera: "L'appareil photo n'est pas accessible depuis cette page. Choisissez « Appareil photo » ou vos photos ci-dessous.",
  coupure: "La connexion est coupée. L'envoi reprendra tout seul, ne fermez pas cette page.",
  illisible: "Cette photo n'a pas pu être lue. Reprenez-la.",
  interrompue: "interrompue : photographiez-la à nouveau",
  lourde: (nom) => `« ${nom} » est trop lourd pour être envoyé d'ici. Montrez-le au conseiller.`,
  photo: (n) => `Photo ${n}`,
  recue: "envoyée",
  remise: "reçue par le conseiller",
  reste: (minutes) => `Ce lien sert encore ${minutes} min.`,
  resume: (faites, total) => (faites === total ? `${total} photo(s), toutes reçues par le conseiller.` : `${faites} photo(s) sur ${total} reçue(s) par le conseiller.`),
};

class Terminee extends Error {}

const element = (id) => document.getElementById(id);
const pause = (ms) => new Promise((fini) => setTimeout(fini, ms));
const photos = new Map(); // by SHA-256: {octets, vignette, etat, fait}
const octetsAuPlus = Number(element("debut").dataset.photoOctets);
let flux = null;
let prise = null; // the photo that is looked at before it leaves
let ouvert = true;
let expedie = false;

async function demander(methode, suite, corps) {
  const reponse = await fetch(location.pathname + suite, {
    method: methode, body: corps, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(SILENCE_MS),
  });
  if (reponse.ok) return reponse.status === 204 ? null : reponse.json();
  const refus = await reponse.json().catch(() => ({}));
  if (reponse.status >= 500 || reponse.status === 429) throw new Error(refus.detail);
  throw Object.assign(new Terminee(refus.detail), { statut: reponse.status });
}

function alerter(texte) {
  if (element("alerte").textContent !== texte) element("alerte").textContent = texte;
}

function retablir() {
  if (element("alerte").textContent === TEXTES.coupure) alerter("");
}

function montrer(section) {
  for (const id of ["debut", "prise", "revue"]) element(id).hidden = id !== section;
  if (section !== "debut" && section !== null) element(`titre-${section}`).focus();
}

async function commencer() {
  if (!isSecureContext) return alerter(TEXTES.adresse);
  try {
    await demander("POST", "/prise");
  } catch (refus) {
    return refus instanceof Terminee ? terminer(refus.message) : alerter(TEXTES.coupure);
  }
  alerter("");
  element("suivi").hidden = false;
  montrer("prise");
  suivre();
  await allumer();
}

async function allumer() {
  try {
    const video = { facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 } };
    flux = await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch {
    element("conseil").textContent = TEXTES.camera;
    return;
  }
  element("video").srcObject = flux;
  await element("video").play();
  element("viseur").hidden = element("photo").hidden = false;
}

function eteindre() {
  for (const piste of flux?.getTracks() ?? []) piste.stop();
  flux = null;
  element("viseur").hidden = element("photo").hidden = true;
}

async function photographier() {
  element("photo").disabled = true;
  try {
    prise = await preparer(await declencher());
    element("vue").src = URL.createObjectURL(prise);
    montrer("revue");
  } catch {
    alerter(TEXTES.illisible);
  }
  element("photo").disabled = false;
}

async function declencher() {
  try {
    return await new ImageCapture(flux.getVideoTracks()[0]).takePhoto(); // the sensor's own pixels, where the browser gives them
  } catch {
    const video = element("video");
    return versJpeg(video, video.videoWidth, video.videoHeight);
  }
}

async function preparer(brute) {
  let image;
  try {
    image = await createImageBitmap(brute, { imageOrientation: "from-image" });
  } catch {
    return brute; // a PDF, or a picture that this browser cannot read: the desk may
  }
  const echelle = Math.min(1, COTE_PX / Math.max(image.width, image.height));
  return versJpeg(image, Math.round(image.width * echelle), Math.round(image.height * echelle));
}

function versJpeg(source, largeur, hauteur) {
  const toile = Object.assign(document.createElement("canvas"), { width: largeur, height: hauteur });
  toile.getContext("2d").drawImage(source, 0, 0, largeur, hauteur);
  return new Promise((fini, rate) => toile.toBlob((jpeg) => (jpeg ? fini(jpeg) : rate(new Error("toBlob"))), "image/jpeg", QUALITE));
}

async function ajouter(octets) {
  const somme = new Uint8Array(await crypto.subtle.digest("SHA-256", await octets.arrayBuffer()));
  const sha256 = Array.from(somme, (octet) => octet.toString(16).padStart(2, "0")).join("");
  const deja = photos.get(sha256);
  if (!deja?.octets) photos.set(sha256, { octets, vignette: URL.createObjectURL(octets), etat: deja?.etat === "remise" ? "remise" : "attente", fait: 0 });
  lister();
  expedier();
}

async function expedier() {
  if (expedie) return;
  expedie = true;
  let coupures = 0;
  for (let suivante; ouvert && (suivante = [...photos].find(([, p]) => p.octets && p.etat === "attente")); ) {
    try {
      await envoyer(...suivante);
      coupures = 0;
    } catch (erreur) {
      if (erreur instanceof Terminee && erreur.statut !== 409 && erreur.statut !== 422) {
        terminer(erreur.message);
        break;
      }
      alerter(TEXTES.coupure);
      await Promise.race([pause(ATTENTES_MS[Math.min(coupures++, ATTENTES_MS.length - 1)]), new Promise((fini) => addEventListener("online", fini, { once: true }))]);
    }
  }
  expedie = false;
}

async function envoyer(sha256, photo) {
  const connue = (await demander("GET", "/etat")).photos.find((p) => p.sha256 === sha256);
  if (connue && connue.etat !== "en_cours") {
    photo.etat = connue.etat;
    retablir();
    return lister();
  }
  const nombre = Math.ceil(photo.octets.size / PART_OCTETS);
  for (let n = 0; n < nombre; n += 1) {
    if (!connue?.parts.includes(n)) {
      const part = photo.octets.slice(n * PART_OCTETS, (n + 1) * PART_OCTETS);
      if ((await demander("PUT", `/photos/${sha256}/parts/${n}?octets=${photo.octets.size}`, part)).complet) photo.etat = "recue";
    }
    photo.fait = (n + 1) / nombre;
    lister();
    retablir();
  }
}

async function suivre() {
  while (ouvert) {
    try {
      const vue = await demander("GET", "/etat");
      for (const { sha256, etat } of vue.photos) {
        const photo = photos.get(sha256);
        if (!photo) photos.set(sha256, { octets: null, vignette: "", etat: etat === "en_cours" ? "interrompue" : etat, fait: 0 });
        else if (etat !== "en_cours") photo.etat = etat;
      }
      element("reste").textContent = TEXTES.reste(Math.max(1, Math.ceil(vue.reste_s / 60)));
      lister();
    } catch (refus) {
      if (refus instanceof Terminee) return terminer(refus.message);
    }
    await pause(SUIVI_MS);
  }
}

function lister() {
  const liste = element("liste");
  let rang = 0;
  for (const photo of photos.values()) {
    const ligne = liste.children[rang] ?? liste.appendChild(nouvelle(photo));
    rang += 1;
    const etat = photo.etat === "attente" && photo.fait ? `envoi : ${Math.round(photo.fait * 100)} %` : TEXTES[photo.etat];
    ligne.lastChild.textContent = `${TEXTES.photo(rang)} : ${etat}`;
  }
  const faites = [...photos.values()].filter((p) => p.etat === "remise").length;
  const resume = photos.size ? TEXTES.resume(faites, photos.size) : TEXTES.aucune;
  if (element("etat").textContent !== resume) element("etat").textContent = resume;
}

function nouvelle(photo) {
  const ligne = document.createElement("li");
  if (photo.vignette) ligne.append(Object.assign(document.createElement("img"), { src: photo.vignette, alt: "" }));
  ligne.append(document.createElement("span"));
  return ligne;
}

function terminer(texte) {
  ouvert = false;
  eteindre();
  montrer(null);
  element("reste").textContent = "";
  alerter(texte);
}

element("commencer").addEventListener("click", commencer);
element("photo").addEventListener("click", photographier);
element("envoyer").addEventListener("click", () => {
  ajouter(prise);
  montrer("prise");
});
element("refaire").addEventListener("click", () => montrer("prise"));
element("fichier").addEventListener("change", async ({ target }) => {
  for (const fichier of [...target.files]) {
    const pret = await preparer(fichier).catch(() => fichier);
    if (pret.size > octetsAuPlus) alerter(TEXTES.lourde(fichier.name));
    else await ajouter(pret);
  }
  target.value = "";
});
addEventListener("pagehide", eteindre);
