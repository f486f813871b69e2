// Families of the workload « portail » for the peers that run on Node.js: read, priced by `price`, written.
//   node PEER.mjs IN.csv OUT.csv N      prints ns=… per family, for the evaluation alone
import { readFileSync, writeFileSync } from "node:fs";

export async function run(price) {
  const [input, output, count] = process.argv.slice(2);
  const lines = readFileSync(input, "utf8").split("\n").slice(1, Number(count) + 1).filter((l) => l);
  const families = lines.map((line) => {
    const [id, qf, resident, demandeur_emploi, rang_enfant, boursier, demi_heures, ressources, nb_enfants, aeeh] = line.split(",");
    return {
      id,
      qf: qf === "" ? null : Number(qf),
      resident: resident === "true",
      demandeur_emploi: demandeur_emploi === "true",
      rang_enfant: Number(rang_enfant),
      boursier: boursier === "true",
      demi_heures: Number(demi_heures),
      ressources_mensuelles: Number(ressources),
      nb_enfants: Number(nb_enfants),
      aeeh: aeeh === "true",
    };
  });
  for (const f of families.slice(0, 50)) await price(f); // warm
  const start = process.hrtime.bigint();
  const prices = [];
  for (const f of families) prices.push(await price(f));
  const spent = Number(process.hrtime.bigint() - start);
  const text = (x) => (x === null || x === undefined ? "" : Number(x).toFixed(2));
  writeFileSync(output, "id,cantine,accueil,creche\n" +
    families.map((f, i) => [f.id, ...prices[i].map(text)].join(",")).join("\n") + "\n");
  console.log(`ns=${(spent / families.length).toFixed(0)}`);
}
