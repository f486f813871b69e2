// The workload « portail » in Publicodes: the same rules, evaluated for each family in a warm engine.
import Engine from "publicodes";
import { parse } from "yaml";
import { run } from "./families.mjs";

const rules = `
qf:
  par défaut: 0 €
qf connu:
  par défaut: oui
résident:
  par défaut: oui
demandeur d'emploi:
  par défaut: non
boursier:
  par défaut: non
rang:
  par défaut: 1
demi-heures:
  par défaut: 1
ressources:
  par défaut: 0 €
enfants:
  par défaut: 1
cantine base:
  variations:
    - si: résident = non
      alors: 6.90 €
    - si: qf connu = non
      alors: 5.60 €
    - si: qf < 300 €
      alors: 0.80 €
    - si: qf < 450 €
      alors: 1.30 €
    - si: qf < 600 €
      alors: 1.90 €
    - si: qf < 800 €
      alors: 2.60 €
    - si: qf < 1000 €
      alors: 3.30 €
    - si: qf < 1300 €
      alors: 4.10 €
    - si: qf < 1700 €
      alors: 4.90 €
    - sinon: 5.60 €
cantine emploi:
  variations:
    - si: demandeur d'emploi
      alors: cantine base * 80%
    - sinon: cantine base
cantine rang:
  variations:
    - si: rang >= 3
      alors: cantine emploi * 70%
    - sinon: cantine emploi
cantine:
  valeur: cantine rang
  arrondi: 2 décimales
  plancher: 0.50 €
heure qf:
  valeur: 0.21% * qf
  plancher: 0.60 €
  plafond: 2.90 €
  arrondi: 2 décimales
heure:
  variations:
    - si: qf connu = non
      alors: 2.90 €
    - sinon: heure qf
accueil brut:
  valeur: heure * demi-heures / 2
accueil:
  variations:
    - si: boursier
      alors: accueil brut * 90%
    - sinon: accueil brut
  arrondi: 2 décimales
taux:
  variations:
    - si: enfants <= 1
      alors: 0.0619%
    - si: enfants = 2
      alors: 0.0516%
    - si: enfants = 3
      alors: 0.0413%
    - si: enfants <= 7
      alors: 0.0310%
    - sinon: 0.0206%
ressources retenues:
  valeur: ressources
  plancher: 801 €
  plafond: 7000 €
crèche:
  valeur: taux * ressources retenues
  arrondi: 2 décimales
`;
const engine = new Engine(parse(rules));
const word = (b) => (b ? "oui" : "non");

await run((f) => {
  engine.setSituation({
    "qf": `${f.qf ?? 0} €`, "qf connu": word(f.qf !== null), "résident": word(f.resident), "demandeur d'emploi": word(f.demandeur_emploi),
    "boursier": word(f.boursier), "rang": f.rang_enfant, "demi-heures": f.demi_heures, "ressources": `${f.ressources_mensuelles} €`,
    "enfants": f.nb_enfants + (f.aeeh ? 1 : 0),
  });
  return ["cantine", "accueil", "crèche"].map((name) => engine.evaluate(name).nodeValue);
});
