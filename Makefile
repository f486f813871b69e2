# Délib: the library libdelib, its edge libdelib-io and the program delib, built in $(BUILD).
#
#   make           build only                          make deps       install the Debian packages that are missing
#   make demo      deps, build, compute one price      make test       deps, build, run every test
#   make check     the tests, without deps             make install    PREFIX=/usr/local DESTDIR=
#   make asan      the tests under sanitizers          make coverage   the tests, then lines and branches reached
#   make bench     speed, beside hand-written C    make bench-peers   beside other engines (npm, luajit)
#   make lint      compilers and analysers, strict     make fuzz       long, with clang (FUZZ_SECONDS=600)
#   make clean                                        make deb        Debian packages in $(BUILD)/deb
#   make samples-deps   what the C++, Java, PHP and Node samples need
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS are yours; another build folder keeps another set of flags, for example
#   make check BUILD=build/tsan CC=clang CFLAGS='-O1 -g -fsanitize=thread'
# `make V=` shows the commands. New .c files in the source folders, and new tests, are found by their names.

# The Debian packages, in one place. A name after « / » is accepted instead when it is the one installed.
PACKAGES = gcc libc6-dev flex bison libcurl4-openssl-dev/libcurl4-gnutls-dev libjansson-dev libyaml-dev libsodium-dev \
           libmicrohttpd-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libcmocka-dev libgmp-dev curl perl pkg-config python3

BUILD   = build
PREFIX  = /usr/local
BINDIR  = $(PREFIX)/bin
LIBDIR  = $(PREFIX)/lib
LIBEXECDIR = $(PREFIX)/libexec/delib
DATADIR = $(PREFIX)/share/delib
INCLUDEDIR = $(PREFIX)/include
DOCDIR  = $(PREFIX)/share/doc/delib
MANDIR  = $(PREFIX)/share/man
COMPLETIONDIR = $(PREFIX)/share/bash-completion/completions
DESTDIR =
VERSION := $(shell sed -n 's/.*define DELIB_VERSION "\(.*\)"/\1/p' runtime/delib.h)
ABI     = 0

CFLAGS ?= -O2 -g
V       = @
FLEX    = flex
BISON   = bison
INSTALL = install

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes
# Sanitizers bring their own symbols and checks: neither fortification nor « no undefined symbol » suits them.
ifeq (,$(findstring -fsanitize,$(CFLAGS)))
OPTIMISED = $(filter -O -O1 -O2 -O3 -Os,$(CFLAGS))
HARDENING = -fstack-protector-strong -fstack-clash-protection \
            $(if $(filter x86_64 i686,$(shell uname -m)),-fcf-protection) \
            $(if $(OPTIMISED),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
NO_UNDEFINED = -Wl,-z,defs
endif
COMPILE = $(CC) -std=c11 -fPIC -fvisibility=hidden -MMD -MP $(WARNINGS) $(HARDENING) -I. -I$(BUILD) $(EXTRA) \
          $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) $(CFLAGS) -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)

# ---------------------------------------------------------------- what is built from what
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))

GENERATED := $(patsubst %,$(BUILD)/grammar/%,$(patsubst %.l,%.c,$(notdir $(wildcard grammar/lexer.l))) \
                                             $(patsubst %.y,%.c,$(notdir $(wildcard grammar/parser.y))))
CORE     := $(call objects,lang/*.c grammar/*.c runtime/*.c runtime/analysis/*.c stdlib/*.c) $(GENERATED:.c=.o)
EDGE     := $(call objects,runtime/edge/*.c)
CLI      := $(filter-out $(BUILD)/cli/bac_a_sable/%,$(call objects,cli/*.c cli/*/*.c))
SANDBOX  := $(call objects,cli/bac_a_sable/*.c)

# A file tests/*/test_*.c is a test program; the other C files beside them are shared by all of them.
TEST_MAINS   := $(filter-out tests/fuzz/% tests/bench/%,$(wildcard tests/*/test_*.c))
TEST_SUPPORT := $(filter-out $(TEST_MAINS) tests/fuzz/% tests/bench/%,$(wildcard tests/*/*.c))
TEST_PROGRAMS := $(TEST_MAINS:%.c=$(BUILD)/%)
TEST_SCRIPTS := $(wildcard tests/*/run-*.sh tests/*/run-*.py)
# What `make check` runs: TESTS=build/tests/unit/test_date runs one.
TESTS    = $(TEST_PROGRAMS) $(TEST_SCRIPTS)

OBJECTS  := $(CORE) $(EDGE) $(CLI) $(SANDBOX) $(patsubst %.c,$(BUILD)/%.o,$(TEST_MAINS) $(TEST_SUPPORT))
LIBRARIES := $(BUILD)/libdelib.a $(BUILD)/libdelib.so $(if $(EDGE),$(BUILD)/libdelib-io.a $(BUILD)/libdelib-io.so)
PROGRAMS := $(if $(CLI),$(BUILD)/delib) $(if $(SANDBOX),$(BUILD)/delib-bac-a-sable)
IO_LIBS  = -lcurl -ljansson -lyaml -lsodium
# Static: one command needs it, and every run would pay for loading it.
CLI_LIBS = -l:libcmark-gfm-extensions.a -l:libcmark-gfm.a
# libdelib is found beside libdelib-io, wherever they are; a distribution, which uses the system's, empties this.
IO_RPATH = -Wl,-rpath,'$$ORIGIN'

.PHONY: all deps demo test check asan coverage fuzz lint install clean deb samples-deps print-libs bench bench-programs \
        bench-peers FORCE
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

all: $(LIBRARIES) $(PROGRAMS)

# ---------------------------------------------------------------- compiling
$(BUILD)/%.o: %.c $(BUILD)/flags | $(GENERATED:.c=.h)
	@mkdir -p $(@D)
	@echo '  compile  $<'
	$(V)$(COMPILE) -c -o $@ $<

# Rewritten only when they change: the flags, so that nothing compiled with others is linked; where the libraries will be,
# which one file knows.
$(BUILD)/flags: CONTENT = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)
$(BUILD)/libdir: CONTENT = $(LIBDIR)
$(BUILD)/flags $(BUILD)/libdir: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CONTENT))' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# The core is ISO C alone; the edge, the program and the tests also know POSIX.
$(EDGE) $(CLI) $(SANDBOX) $(BUILD)/tests/%.o: EXTRA = -D_XOPEN_SOURCE=700
$(BUILD)/cli/base/fichiers.o: EXTRA += -DDELIB_LIBDIR='"$(LIBDIR)"'
$(BUILD)/cli/base/fichiers.o: $(BUILD)/libdir
$(BUILD)/grammar/%.o: EXTRA = -iquote grammar -iquote $(BUILD)/grammar

$(BUILD)/grammar/%.c: grammar/%.l
	@mkdir -p $(@D)
	@echo '  generate $@'
	$(V)$(FLEX) --header-file=$(@:.c=.h) --outfile=$@ $<

$(BUILD)/grammar/%.c: grammar/%.y
	@mkdir -p $(@D)
	@echo '  generate $@'
	$(V)$(BISON) -Wall --defines=$(@:.c=.h) --output=$@ $<

$(GENERATED:.c=.h): %.h: %.c ;

# What the generators write is theirs: functions that we do not use, flex's comparisons of int with size_t.
$(GENERATED:.c=.o): $(BUILD)/%.o: $(BUILD)/%.c $(BUILD)/flags | $(GENERATED:.c=.h)
	@echo '  compile  $<'
	$(V)$(COMPILE) -Wno-unused-function -Wno-sign-compare -c -o $@ $<

# ---------------------------------------------------------------- linking
$(BUILD)/libdelib.a: $(CORE)
$(BUILD)/libdelib-io.a: $(EDGE)
$(BUILD)/tests/libsupport.a: $(patsubst %.c,$(BUILD)/%.o,$(TEST_SUPPORT))
$(BUILD)/tests/libcli.a: $(filter-out %/main.o,$(CLI))
$(BUILD)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(V)$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/libdelib.so: $(CORE) runtime/libdelib.map
	@echo '  link     $@'
	$(V)$(LINK) -shared $(NO_UNDEFINED) -Wl,-soname,$(@F).$(ABI) -Wl,--version-script,runtime/libdelib.map \
	    -o $@ $(CORE)
	@ln -sf $(@F) $@.$(ABI)

# The edge calls the core through delib.h; the small helpers of lang/ that it also uses are a private copy.
$(BUILD)/libdelib-io.so: $(EDGE) $(BUILD)/libdelib.so $(BUILD)/libdelib.a runtime/libdelib-io.map
	@echo '  link     $@'
	$(V)$(LINK) -shared $(NO_UNDEFINED) -Wl,-soname,$(@F).$(ABI) -Wl,--version-script,runtime/libdelib-io.map \
	    $(IO_RPATH) -o $@ $(EDGE) \
	    $(BUILD)/libdelib.so $(BUILD)/libdelib.a -Wl,--exclude-libs,libdelib.a $(IO_LIBS)
	@ln -sf $(@F) $@.$(ABI)

# The program holds the whole core and exports its API, so that libdelib-io, once loaded, uses the same copy.
$(BUILD)/delib: $(CLI) $(BUILD)/libdelib.a
	@echo '  link     $@'
	$(V)$(LINK) -Wl,--export-dynamic -o $@ $(CLI) \
	    -Wl,--whole-archive $(BUILD)/libdelib.a -Wl,--no-whole-archive $(CLI_LIBS) -ldl -pthread

# Started by `delib bac-a-sable`, so that no other command loads an HTTP server.
$(BUILD)/delib-bac-a-sable: $(SANDBOX) $(BUILD)/libdelib-io.a $(BUILD)/libdelib.a
	@echo '  link     $@'
	$(V)$(LINK) -o $@ $^ -lmicrohttpd $(IO_LIBS) -pthread

$(TEST_PROGRAMS): %: %.o $(BUILD)/tests/libsupport.a $(BUILD)/tests/libcli.a $(if $(EDGE),$(BUILD)/libdelib-io.a) $(BUILD)/libdelib.a
	@echo '  link     $@'
	$(V)$(LINK) -o $@ $^ $(WRAPPED:%=-Wl,--wrap=%) -lcmocka -lgmp $(IO_LIBS) $(CLI_LIBS) -pthread -ldl

# Functions that tests stand in front of: tests/unit/refused_memory.h, tests/fault/test_disk.c.
$(filter %/unit/test_edge_memory %/unit/test_edge_memory_calls,$(TEST_PROGRAMS)): private WRAPPED = arena_alloc arena_copy_text arena_push_
$(BUILD)/tests/fault/test_disk: private WRAPPED = read pread write open close fsync ftruncate flock lseek rename fstat stat mkdir fdopen

# ---------------------------------------------------------------- set-up
# Quick and silent when nothing is missing; never asks for a password where nobody can type it.
deps:
	@command -v dpkg-query >/dev/null || { echo "deps: not Debian; needed: $(PACKAGES)" >&2; exit 0; }; \
	missing=; \
	for names in $(PACKAGES); do \
	    dpkg-query -W -f='$${db:Status-Status}\n' $$(echo $$names | tr / ' ') 2>/dev/null | grep -qx installed \
	        || missing="$$missing $${names%%/*}"; \
	done; \
	test -n "$$missing" || exit 0; \
	if [ "$$(id -u)" = 0 ]; then root=; \
	elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then root=sudo; \
	else root=none; fi; \
	install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends$$missing"; \
	echo "deps: missing packages:$$missing" >&2; \
	if [ "$$root" != none ]; then \
	    $$root apt-get -q update >&2 </dev/null || true; \
	    $$root env DEBIAN_FRONTEND=noninteractive $$install >&2 </dev/null && exit 0; \
	fi; \
	printf 'deps: please run as root, then try again:\n    apt-get update; %s\n' "$$install" >&2; exit 1

# ---------------------------------------------------------------- running
demo: deps
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) examples/demo.sh

test: deps
	@$(MAKE) --no-print-directory check

check: all $(filter $(BUILD)/%,$(TESTS))
	@BUILD=$(BUILD) CC='$(CC)' CFLAGS='$(CFLAGS)' tests/run $(TESTS)

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: deps
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS='-O1 -g $(SANITIZE)' check

coverage: deps
	@test ! -d build/coverage || find build/coverage -name '*.gcda' -delete
	@$(MAKE) --no-print-directory BUILD=build/coverage CFLAGS='-O0 -g --coverage' check; status=$$?; \
	BUILD=build/coverage tests/coverage lang grammar runtime stdlib cli; exit $$status

# What a program that holds everything is linked with: the fuzz targets ask.
print-libs:
	@echo $(CLI_LIBS) $(IO_LIBS) -ldl -pthread

# With clang's libFuzzer, or AFL++ (FUZZER=afl); `make test` has a short run of the same targets. FUZZ_SECONDS for each.
FUZZ_SECONDS = 600
fuzz: deps
	@tests/fuzz/long $(FUZZ_SECONDS)

# FAMILIES and TURNS are yours. The hand-written C is built for this very machine, Délib as it is installed.
FAMILIES = 1000000
TURNS    = 7
bench-programs: all
	@mkdir -p $(BUILD)/bench
	$(V)$(CC) -O3 -march=native -w -o $(BUILD)/bench/portail tests/bench/portail.c -pthread
	$(V)$(CC) -O2 -w -o $(BUILD)/bench/portail_gen tests/bench/portail_gen.c
	$(V)$(COMPILE) $(LDFLAGS) -o $(BUILD)/bench/bench tests/bench/bench.c $(BUILD)/libdelib.a
	$(V)$(COMPILE) $(LDFLAGS) -o $(BUILD)/bench/bench_numbers tests/bench/bench_numbers.c $(BUILD)/libdelib.a
	$(V)$(COMPILE) $(LDFLAGS) -o $(BUILD)/bench/bench_json tests/bench/bench_json.c $(BUILD)/libdelib-io.a \
	    $(BUILD)/libdelib.a $(IO_LIBS)

bench: bench-programs
	@python3 -B tests/bench/run.py $(BUILD) $(FAMILIES) $(TURNS)

bench-peers: bench-programs
	@python3 -B tests/bench/peers.py $(BUILD) $(FAMILIES)

lint: $(GENERATED:.c=.h)
	@FLAGS='-std=c11 $(WARNINGS) -I. -I$(BUILD) -iquote $(BUILD)/grammar' tests/lint

# ---------------------------------------------------------------- manual
# The pages of section 3 say what the headers say; each function has a page that leads to that of its header.
MAN_TITLE_delib.h    = functions of libdelib: compile a délibération, compute tariffs
MAN_TITLE_delib_io.h = functions of libdelib-io: texts, configuration, HTTP, JSON
MAN_PAGES = $(BUILD)/man/delib.1 $(BUILD)/man/delib.5 $(BUILD)/man/libdelib.3 $(BUILD)/man/delib.h.3 \
            $(BUILD)/man/delib_io.h.3

$(BUILD)/man/%.h.3: runtime/%.h packaging/man/entete.awk
	@mkdir -p $(@D)
	$(V)awk -v page=$*.h -v version=$(VERSION) -v title='$(MAN_TITLE_$*.h)' -f packaging/man/entete.awk $< > $@
$(BUILD)/man/%: packaging/man/% packaging/man/exemple.awk examples/embarquer/c/un_tarif.c runtime/delib.h
	@mkdir -p $(@D)
	$(V)awk -v version=$(VERSION) -v example=examples/embarquer/c/un_tarif.c -f packaging/man/exemple.awk $< > $@

# ---------------------------------------------------------------- installing
# $(call pkgconfig,file,description,requires,requires.private,libs)
pkgconfig = @printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$(INCLUDEDIR)' '' \
    'Name: $(basename $(1))' 'Description: $(2)' 'Version: $(VERSION)' 'Requires: $(3)' 'Requires.private: $(4)' \
    'Libs: -L$${libdir} $(5)' 'Cflags: -I$${includedir}' > $(DESTDIR)$(LIBDIR)/pkgconfig/$(1)

# $(call shared,name): the library under its full version, and the two names that lead to it
define shared
	$(INSTALL) -m 644 $(BUILD)/$(1).so $(DESTDIR)$(LIBDIR)/$(1).so.$(VERSION)
	ln -sf $(1).so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(1).so.$(ABI)
	ln -sf $(1).so.$(ABI) $(DESTDIR)$(LIBDIR)/$(1).so
endef

# What the headers and the manual name, at the same places as here; and the samples.
DOCS = LICENSE README.md SECURITY.md cli/README.md examples/GUIDE.md grammar/REFERENCE.md runtime/edge/README.md \
       $(wildcard examples/cantine/*.*) examples/embarquer/README.md $(foreach file,*.c *.cpp *.hpp *.java *.json *.mjs *.php *.py *.toml delib/*.py \
       delib/py.typed,$(wildcard examples/embarquer/*/$(file)))

install: all $(MAN_PAGES)
	$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(LIBEXECDIR) $(INCLUDEDIR) $(DOCDIR) \
	    $(MANDIR)/man1 $(MANDIR)/man3 $(MANDIR)/man5 $(COMPLETIONDIR))
	$(if $(CLI),$(INSTALL) $(BUILD)/delib $(DESTDIR)$(BINDIR))
	$(if $(SANDBOX),$(INSTALL) $(BUILD)/delib-bac-a-sable $(DESTDIR)$(LIBEXECDIR))
	$(INSTALL) -m 644 $(BUILD)/libdelib.a $(DESTDIR)$(LIBDIR)
	$(call shared,libdelib)
	$(if $(EDGE),$(call shared,libdelib-io))
	$(INSTALL) -m 644 $(wildcard runtime/delib.h runtime/delib_io.h) $(DESTDIR)$(INCLUDEDIR)
	@for file in $(DOCS); do echo '$(INSTALL)' $$file; $(INSTALL) -D -m 644 $$file $(DESTDIR)$(DOCDIR)/$$file; done
	$(INSTALL) -m 644 $(BUILD)/man/delib.1 $(DESTDIR)$(MANDIR)/man1
	$(INSTALL) -m 644 $(BUILD)/man/delib.5 $(DESTDIR)$(MANDIR)/man5
	$(INSTALL) -m 644 $(filter %.3,$(MAN_PAGES)) $(DESTDIR)$(MANDIR)/man3
	@for header in delib delib_io; do awk -f packaging/man/fonctions.awk runtime/$$header.h | while read -r name; do \
	    echo ".so man3/$$header.h.3" > $(DESTDIR)$(MANDIR)/man3/$$name.3; done; done
	$(INSTALL) -m 644 packaging/completion/delib.bash $(DESTDIR)$(COMPLETIONDIR)/delib
	@for file in $(wildcard stdlib/*.delib stdlib/*.delib.md stdlib/aide/D*.md stdlib/bac_a_sable/*.yaml); do \
	    echo '$(INSTALL)' $$file; $(INSTALL) -D -m 644 $$file $(DESTDIR)$(DATADIR)/$$file; done
	$(call pkgconfig,delib.pc,interpreter of Délib tariff rules,,,-ldelib)
	$(call pkgconfig,delib-io.pc,HTTP and files for libdelib,delib,libcurl jansson yaml-0.1 libsodium,-ldelib-io)

# ---------------------------------------------------------------- packages
# A copy of the tree is built as Debian builds one; debhelper and lintian are needed for this alone.
deb:
	@packaging/deb.sh $(BUILD)/deb

samples-deps:
	@packaging/samples-deps.sh $(BUILD)/samples

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
