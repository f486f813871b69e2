/*
 * Families' amounts from Java, through JNA (Debian: libjna-java; Maven: net.java.dev.jna:jna) and the JSON entry point
 * of libdelib-io.
 *
 *   java -cp /usr/share/java/jna.jar Tarif.java libdelib-io.so.0 cantine.delib.md demandes.ndjson
 */
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

public final class Tarif {
    /** What is used here of delib.h and delib_io.h. size_t is a long on the 64-bit systems that the JVM runs on. */
    public interface C extends Library {
        int OK = 0;
        int INVALID = 2;

        @Structure.FieldOrder({"name", "bytes", "length"})
        class Source extends Structure {
            public String name;
            public Pointer bytes;
            public long length;
        }

        int delib_engine_new(Pointer options, PointerByReference out);
        void delib_engine_free(Pointer engine);
        int delib_compile(Pointer engine, Source source, Pointer modules, Pointer context, PointerByReference out);
        void delib_program_release(Pointer program);
        int delib_io_evaluate_json(Pointer program, String demande, Pointer driver, PointerByReference out);
        void delib_io_text_free(Pointer text);
    }

    /** One délibération. Threads share it: each evaluation has a session of its own. */
    public static final class Delib implements AutoCloseable {
        private static final Cleaner CLEANER = Cleaner.create();
        private final C c;
        private volatile Pointer program;
        private final Cleaner.Cleanable cleanable;

        /** Compiles the file; one at fault is told by evaluate(), with its diagnostics. */
        public Delib(String library, Path act) throws IOException {
            C c = Native.load(library, C.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
            byte[] text = Files.readAllBytes(act);
            C.Source source = new C.Source();
            PointerByReference engine = new PointerByReference();
            PointerByReference program = new PointerByReference();
            source.name = act.toString();
            source.bytes = new Memory(text.length + 1L);
            source.bytes.write(0, text, 0, text.length);
            source.length = text.length;
            check(c.delib_engine_new(null, engine), "delib_engine_new");
            int status = c.delib_compile(engine.getValue(), source, null, null, program);
            c.delib_engine_free(engine.getValue());             // the program stays
            if (status != C.INVALID) {
                check(status, "delib_compile");
            }
            Pointer compiled = program.getValue();
            this.c = c;
            this.program = compiled;
            this.cleanable = CLEANER.register(this, () -> c.delib_program_release(compiled));
        }

        /** The object of `delib calculer --json` for one demande, JSON both. */
        public String evaluate(String demande) {
            PointerByReference out = new PointerByReference();
            int status = c.delib_io_evaluate_json(program, demande, null, out);
            if (out.getValue() == null) {
                check(status, "delib_io_evaluate_json");
            }
            try {
                return out.getValue().getString(0, "UTF-8");
            } finally {
                c.delib_io_text_free(out.getValue());
                java.lang.ref.Reference.reachabilityFence(this);
            }
        }

        /** Once, whoever asks first: this call or the collector. No evaluation may be under way; later ones throw. */
        @Override
        public void close() {
            program = null;
            cleanable.clean();
        }

        private static void check(int status, String what) {
            if (status != C.OK) {
                throw new IllegalStateException(what + ": status " + status);
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Delib delib = new Delib(arguments[0], Path.of(arguments[1]))) {
            Files.readAllLines(Path.of(arguments[2])).parallelStream().map(delib::evaluate)
                .forEachOrdered(out::println);
        }
    }
}
