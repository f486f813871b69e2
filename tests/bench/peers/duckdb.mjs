// The workload « portail » as one SQL query, in centimes: CSV to CSV. No figure for one family alone.
import { DuckDBInstance } from "@duckdb/node-api";

const [input, output, count] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
await db.run(`
COPY (
  WITH f AS (SELECT id, round(qf * 100)::BIGINT AS qf, resident, demandeur_emploi AS de, rang_enfant AS rang, boursier,
                    demi_heures, round(ressources_mensuelles * 100)::BIGINT AS ressources, nb_enfants + aeeh::INT AS n
             FROM read_csv('${input}', types = {'qf': 'DECIMAL(18,2)', 'ressources_mensuelles': 'DECIMAL(18,2)'})
             LIMIT ${count}),
  p AS (SELECT *,
    greatest(50, ((CASE WHEN NOT resident THEN 690 WHEN qf IS NULL THEN 560 WHEN qf < 30000 THEN 80 WHEN qf < 45000 THEN 130
       WHEN qf < 60000 THEN 190 WHEN qf < 80000 THEN 260 WHEN qf < 100000 THEN 330 WHEN qf < 130000 THEN 410
       WHEN qf < 170000 THEN 490 ELSE 560 END) * (CASE WHEN de THEN 8 ELSE 10 END) * (CASE WHEN rang >= 3 THEN 7 ELSE 10 END) + 50) // 100) AS cantine,
    ((CASE WHEN qf IS NULL THEN 290 ELSE least(290, greatest(60, (qf * 21 + 5000) // 10000)) END) * demi_heures
       * (CASE WHEN boursier THEN 9 ELSE 10 END) + 10) // 20 AS accueil,
    (least(700000, greatest(80100, ressources)) * (CASE WHEN n <= 1 THEN 619 WHEN n = 2 THEN 516 WHEN n = 3 THEN 413
       WHEN n <= 7 THEN 310 ELSE 206 END) + 500000) // 1000000 AS creche FROM f)
  SELECT id, printf('%d.%02d', cantine // 100, cantine % 100) AS cantine, printf('%d.%02d', accueil // 100, accueil % 100) AS accueil,
         printf('%d.%02d', creche // 100, creche % 100) AS creche FROM p ORDER BY id
) TO '${output}' (HEADER, DELIMITER ',')`);
console.log("ns=");
