/*
 * A family's amount from Node, through koffi (a foreign function interface: npm install) and the JSON entry point of
 * libdelib-io.
 *
 *   node tarif.mjs libdelib-io.so.0 cantine.delib.md demandes.ndjson
 */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

// koffi is looked for beside this file, then in the folder that KOFFI names.
const koffi = createRequire(process.env.KOFFI ? pathToFileURL(process.env.KOFFI + "/") : import.meta.url)("koffi");

const DELIB_OK = 0;
const DELIB_INVALID = 2;
koffi.struct("delib_source", { name: "const char *", bytes: "const uint8_t *", length: "size_t" });

export class Delib {
    #c;
    #engine;
    #program;

    /** Compiles the délibération at `path`; one at fault is told by evaluate(), with its diagnostics. */
    constructor(library, path) {
        const lib = koffi.load(library);
        const bytes = readFileSync(path);
        this.#c = {
            engineNew: lib.func("int delib_engine_new(void *options, _Out_ void **out)"),
            engineFree: lib.func("void delib_engine_free(void *engine)"),
            compile: lib.func("int delib_compile(void *engine, delib_source *source, void *modules, void *context, " +
                              "_Out_ void **out)"),
            release: lib.func("void delib_program_release(void *program)"),
            evaluate: lib.func("int delib_io_evaluate_json(void *program, const char *demande, void *driver, " +
                               "_Out_ void **out)"),
            textFree: lib.func("void delib_io_text_free(void *text)"),
        };
        const engine = [null];
        const program = [null];
        this.#check(this.#c.engineNew(null, engine), "delib_engine_new");
        this.#engine = engine[0];
        const status = this.#c.compile(this.#engine, { name: path, bytes, length: bytes.length }, null, null, program);
        if (status !== DELIB_INVALID)
            this.#check(status, "delib_compile");
        this.#program = program[0];
    }

    #check(status, what) {
        if (status !== DELIB_OK)
            throw new Error(`${what}: status ${status}`);
    }

    /** The object of `delib calculer --json` for one demande (an object, or its JSON text). */
    evaluate(demande) {
        const out = [null];
        const text = typeof demande === "string" ? demande : JSON.stringify(demande);
        const status = this.#c.evaluate(this.#program, text, null, out);
        if (out[0] === null)
            this.#check(status, "delib_io_evaluate_json");
        const result = JSON.parse(koffi.decode(out[0], "char", -1));
        this.#c.textFree(out[0]);
        return result;
    }

    /** No evaluation may be under way; later ones throw. */
    close() {
        this.#c.release(this.#program);
        this.#c.engineFree(this.#engine);
        this.#program = this.#engine = null;
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [library, act, demandes] = process.argv.slice(2);
    const delib = new Delib(library, act);
    for (const line of readFileSync(demandes, "utf8").trimEnd().split("\n"))
        console.log(JSON.stringify(delib.evaluate(line)));
    delib.close();
}
