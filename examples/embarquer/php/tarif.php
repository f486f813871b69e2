<?php
/*
 * A family's amount from PHP, through FFI and the JSON entry point of libdelib-io.
 *
 *   php -d ffi.enable=1 tarif.php libdelib-io.so.0 cantine.delib.md demande.json
 *
 * Under php-fpm, declare these functions in a preloaded file (opcache.preload, ffi.enable=preload).
 */
declare(strict_types=1);

const DELIB_OK = 0;
const DELIB_INVALID = 2;

final class Delib
{
    private const C = <<<'C'
        typedef struct delib_engine delib_engine;
        typedef struct delib_program delib_program;
        typedef struct { const char *name; const char *bytes; size_t length; } delib_source;
        int delib_engine_new(const void *options, delib_engine **out);
        void delib_engine_free(delib_engine *engine);
        int delib_compile(delib_engine *engine, const delib_source *source, void *modules, void *context,
                          delib_program **out);
        void delib_program_release(delib_program *program);
        int delib_io_evaluate_json(delib_program *program, const char *demande, void *driver, char **out);
        void delib_io_text_free(char *text);
        C;

    private FFI $ffi;
    private FFI\CData $engine;
    private FFI\CData $program;

    public function __construct(string $library, string $path)
    {
        $this->ffi = FFI::cdef(self::C, $library);
        $this->engine = $this->ffi->new('delib_engine *');
        $this->program = $this->ffi->new('delib_program *');
        if ($this->ffi->delib_engine_new(null, FFI::addr($this->engine)) !== DELIB_OK) {
            throw new RuntimeException('no memory');
        }
        $this->compile($path);
    }

    /** A délibération at fault is told by the first evaluation, with its diagnostics. */
    private function compile(string $path): void
    {
        $text = file_get_contents($path);
        $name = $this->text($path);
        $bytes = $this->text($text);
        $source = $this->ffi->new('delib_source');
        $source->name = FFI::addr($name[0]);
        $source->bytes = FFI::addr($bytes[0]);
        $source->length = strlen($text);
        $status = $this->ffi->delib_compile($this->engine, FFI::addr($source), null, null, FFI::addr($this->program));
        if ($status !== DELIB_OK && $status !== DELIB_INVALID) {
            throw new RuntimeException("delib_compile: status $status");
        }
    }

    private function text(string $text): FFI\CData
    {
        $copy = $this->ffi->new('char[' . (strlen($text) + 1) . ']');
        FFI::memcpy($copy, $text . "\0", strlen($text) + 1);
        return $copy;
    }

    /** @return array<string, mixed> the object of `delib calculer --json` */
    public function evaluate(string $demande): array
    {
        $out = $this->ffi->new('char *');
        $status = $this->ffi->delib_io_evaluate_json($this->program, $demande, null, FFI::addr($out));
        if (FFI::isNull($out)) {
            throw new RuntimeException("delib_io_evaluate_json: status $status");
        }
        $json = FFI::string($out);
        $this->ffi->delib_io_text_free($out);
        return json_decode($json, true, 64, JSON_THROW_ON_ERROR);
    }

    /** A copy would release the same program a second time. */
    private function __clone()
    {
    }

    public function __destruct()
    {
        if (!FFI::isNull($this->program)) {
            $this->ffi->delib_program_release($this->program);
        }
        $this->ffi->delib_engine_free($this->engine);
    }
}

[, $library, $act, $demande] = $argv;
$delib = new Delib($library, $act);
$flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES;
foreach (file($demande, FILE_IGNORE_NEW_LINES) as $line) {
    echo json_encode($delib->evaluate($line), $flags), "\n";
}
