// The workload « portail » in a GoRules decision: one expression node, its engine computing in decimals.
import { ZenEngine } from "@gorules/zen-engine";
import { run } from "./families.mjs";

const expressions = [
  ["base", "resident == false ? 6.90 : qf == null ? 5.60 : qf < 300 ? 0.80 : qf < 450 ? 1.30 : qf < 600 ? 1.90 : qf < 800 ? 2.60 : " +
           "qf < 1000 ? 3.30 : qf < 1300 ? 4.10 : qf < 1700 ? 4.90 : 5.60"],
  ["cantine", "max([0.50, floor($.base * (demandeur_emploi ? 0.8 : 1) * (rang_enfant >= 3 ? 0.7 : 1) * 100 + 0.5) / 100])"],
  ["heure", "qf == null ? 2.90 : floor(max([0.60, min([2.90, qf * 0.0021])]) * 100 + 0.5) / 100"],
  ["accueil", "floor($.heure * demi_heures / 2 * (boursier ? 0.9 : 1) * 100 + 0.5) / 100"],
  ["n", "nb_enfants + (aeeh ? 1 : 0)"],
  ["taux", "$.n <= 1 ? 0.0619 : $.n == 2 ? 0.0516 : $.n == 3 ? 0.0413 : $.n <= 7 ? 0.0310 : 0.0206"],
  ["creche", "floor(max([801, min([7000, ressources_mensuelles])]) * $.taux + 0.5) / 100"],
].map(([key, value], i) => ({ id: `e${i}`, key, value }));
const content = {
  contentType: "application/vnd.gorules.decision",
  nodes: [
    { id: "in", name: "in", type: "inputNode", position: { x: 0, y: 0 } },
    { id: "price", name: "price", type: "expressionNode", position: { x: 1, y: 0 }, content: { expressions } },
    { id: "out", name: "out", type: "outputNode", position: { x: 2, y: 0 } },
  ],
  edges: [
    { id: "a", type: "edge", sourceId: "in", targetId: "price" },
    { id: "b", type: "edge", sourceId: "price", targetId: "out" },
  ],
};
const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(content)));

await run(async (f) => {
  const { result } = await decision.evaluate(f);
  return [result.cantine, result.accueil, result.creche];
});
