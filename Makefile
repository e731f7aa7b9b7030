# mgmd: one GNU makefile, not recursive into folders. `make help` lists the targets.
# Settings on the command line, in the environment or, to keep them, in config.mk:
#   MPICC CC MPIRUN  OPT CPPFLAGS CFLAGS LDFLAGS LDLIBS  PREFIX DESTDIR BUILD  RANKS WERROR=1 V=1
#   HDF5_DIR, or HDF5_CFLAGS and HDF5_LIBS; YAML_CFLAGS YAML_LIBS; CHECK_CFLAGS CHECK_LIBS
#   CAIRO_CFLAGS CAIRO_LIBS (pictures; built without where CAIRO_LIBS is empty)
#   CXX VORO_DIR VORO_LIBS (Voronoi cells)
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
-include config.mk
MPICC  ?= mpicc
MPIRUN ?= mpirun
OPT    ?= -O3
PREFIX ?= /usr/local
BUILD  ?= build
RANKS  ?= 1 2 3 4
FUZZ_SECONDS ?= 60
VALGRIND_RANKS ?= 2

# CC chooses the compiler behind the MPI wrapper; if it is itself a wrapper, it is the wrapper.
ifneq ($(origin CC),default)
ifneq ($(filter mpi%,$(notdir $(firstword $(CC)))),)
MPICC := $(CC)
else
export OMPI_CC := $(CC)
export MPICH_CC := $(CC)
export I_MPI_CC := $(CC)
endif
endif

# --- libraries: the user's word, then pkg-config, then what HDF5's compiler wrapper says ---
comma := ,
pc = $(shell for p in $(2); do pkg-config --exists $$p 2>/dev/null && \
       pkg-config $(1) $$p && break; done)
H5PC   := $(if $(findstring mpich,$(shell $(MPICC) -show 2>/dev/null)),hdf5-mpich,hdf5-openmpi) \
          hdf5-mpi
H5SHOW := $(if $(HDF5_DIR)$(call pc,--cflags,$(H5PC)),,$(shell h5pcc -show 2>/dev/null))
ifdef HDF5_DIR
HDF5_CFLAGS ?= -I$(HDF5_DIR)/include
HDF5_LIBS   ?= -L$(HDF5_DIR)/lib -lhdf5
else ifneq ($(H5SHOW),)
HDF5_CFLAGS ?= $(filter -I% -D%,$(H5SHOW))
HDF5_LIBS   ?= $(filter -L% -l% -Wl% %.a %.so,$(H5SHOW))
endif
HDF5_CFLAGS  ?= $(call pc,--cflags,$(H5PC) hdf5)
HDF5_LIBS    ?= $(or $(call pc,--libs,$(H5PC) hdf5),-lhdf5)
YAML_CFLAGS  ?= $(call pc,--cflags,yaml-0.1)
YAML_LIBS    ?= $(or $(call pc,--libs,yaml-0.1),-lyaml)
CHECK_CFLAGS ?= $(call pc,--cflags,check)
CHECK_LIBS   ?= $(or $(call pc,--libs,check),-lcheck -lm -lpthread)
CAIRO_CFLAGS ?= $(call pc,--cflags,cairo)
CAIRO_LIBS   ?= $(call pc,--libs,cairo)
$(foreach v,HDF5 YAML CHECK CAIRO,$(eval $v_CFLAGS := $($v_CFLAGS))$(eval $v_LIBS := $($v_LIBS)))
# Voro++ is optional (Voronoi cells): built without where VORO_LIBS is empty.
VORO_DIR  ?= $(patsubst %/include/voro++/cell.hh,%,$(firstword \
               $(wildcard $(addsuffix /include/voro++/cell.hh,/usr /usr/local))))
VORO_LIBS ?= $(if $(VORO_DIR),$(if $(filter-out /usr,$(VORO_DIR)),-L$(VORO_DIR)/lib) -lvoro++ \
               -lstdc++)
# Libraries outside the system's folders (modules, Spack) are found again at run time.
rpath = $(patsubst -L%,-Wl$(comma)-rpath$(comma)%,$(filter-out -L/usr/%,$(filter -L%,$1)))

# --- flags; contraction is off because the same bits are promised whatever the rank count ---
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wconversion $(if $(WERROR),-Werror)
ALL_CPPFLAGS  = -D_XOPEN_SOURCE=700 -Iinclude $(CPPFLAGS) $(HDF5_CFLAGS) $(YAML_CFLAGS) \
                $(CAIRO_CFLAGS)
ALL_CFLAGS    = -std=c11 $(OPT) $(WARNINGS) $(CFLAGS) -ffp-contract=off
ALL_LIBS      = $(LDFLAGS) $(HDF5_LIBS) $(YAML_LIBS) $(CAIRO_LIBS) $(VORO_LIBS) \
                $(call rpath,$(HDF5_LIBS) $(YAML_LIBS) $(CAIRO_LIBS) $(VORO_LIBS)) $(LDLIBS) -lm
TEST_CPPFLAGS = -Itests/tools -Itests/fault -DMGMD_SOURCE_DIR='"$(CURDIR)"' $(CHECK_CFLAGS)
VERSION_FLAGS = -DMGMD_GIT_REVISION='"$(REVISION)"' \
                -DMGMD_BUILD_FLAGS='"$(subst ",\",$(strip $(ALL_CPPFLAGS) $(ALL_CFLAGS)))"'
ifneq ($(filter x86_64% amd64%,$(shell $(MPICC) -dumpmachine 2>/dev/null)),)
AVX512_FLAGS := -mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma
AVX2_FLAGS   := -mavx2 -mfma
endif
$(BUILD)/src/force/kernel_avx512%: private FILE_FLAGS = $(AVX512_FLAGS)
$(BUILD)/src/force/kernel_avx2%: private FILE_FLAGS = $(AVX2_FLAGS)
$(BUILD)/src/base/version%: private FILE_FLAGS = $(VERSION_FLAGS)
$(BUILD)/tests/%: private FILE_FLAGS = $(TEST_CPPFLAGS)

# --- files ---
VERSION  := $(shell sed -n 's/^.define MG_VERSION "\(.*\)"/\1/p' include/mgmd/base/version.h)
REVISION := $(or $(shell cat REVISION 2>/dev/null),$(shell test -e .git && \
              git describe --always --dirty --abbrev=12 2>/dev/null),unknown)
HEADERS  := $(sort $(wildcard include/mgmd/*/*.h src/*/*.h))
# Pictures are optional: one of the two is built.
LEFT_OUT := src/cmd/main.c src/plot/canvas_$(if $(CAIRO_LIBS),none,cairo).c
OBJECTS  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(LEFT_OUT),$(sort $(wildcard src/*/*.c))))
OBJECTS  := $(filter-out $(if $(VORO_LIBS),%/voronoi_none.o),$(OBJECTS)) \
            $(if $(VORO_LIBS),$(BUILD)/src/analysis/voronoi_voro.o)
LIBRARY  := $(BUILD)/libmgmd.a
PROGRAM  := $(if $(wildcard src/cmd/main.c),$(BUILD)/mgmd)
programs  = $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard $1)))
UNIT     := $(call programs,tests/unit/test_*.c)
MPI      := $(call programs,tests/mpi/test_*.c tests/fault/test_*.c)
PHYSICS  := $(call programs,tests/physics/test_*.c)
FUZZ     := $(call programs,tests/fuzz/fuzz_*.c)
TESTS    := $(UNIT) $(MPI) $(PHYSICS)
# the program and a test with faults on order: the same objects behind another link
FAULTY   := $(if $(PROGRAM),$(BUILD)/tests/fault/mgmd)
INJECT   := $(BUILD)/tests/fault/inject.o
BENCH    := $(call programs,bench/*.c)
CLI      := $(if $(PROGRAM),$(sort $(wildcard tests/cli/*.sh)))
CHECKS   := headers layers symbols limits mpisum docs
REPLAY   ?= $(BUILD)/tests/fuzz/replay.o
OTHER_OBJECTS := $(BUILD)/src/cmd/main.o $(REPLAY) $(INJECT) \
                 $(addsuffix .o,$(TESTS) $(FUZZ) $(BENCH))
FORMATTED = $(shell find src include tests bench -name '*.[ch]' 2>/dev/null)

export MPICC MPIRUN RANKS BUILD HEADERS ALL_CPPFLAGS
export MGMD := $(abspath $(BUILD))/mgmd
silent = $(findstring s,$(firstword -$(MAKEFLAGS)))
say   = @$(if $V$(silent),:,printf '  %-4s%s\n' $1 $(patsubst $(BUILD)/%,%,$@))
quiet = $(if $V,,@)
submake = +@$(MAKE) --no-print-directory
# as many jobs as cores, unless the user has chosen
jobs  = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(NPROC))
NPROC = $(shell nproc 2>/dev/null || echo 2)
# write $@ only if the text is new, so that what depends on it is rebuilt only then
remember = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$1)' | cmp -s - $@ || \
             printf '%s\n' '$(subst ','\'',$1)' > $@
bootstrap = @CHECK_CFLAGS='$(CHECK_CFLAGS)' CHECK_LIBS='$(CHECK_LIBS)' LDFLAGS='$(LDFLAGS)' \
              HDF5_LIBS='$(HDF5_LIBS)' YAML_LIBS='$(YAML_LIBS)' CAIRO_LIBS='$(CAIRO_LIBS)' \
              VORO_LIBS='$(VORO_LIBS)' packaging/bootstrap.sh
SANITIZERS = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover
VALGRIND = valgrind -q --num-callers=40 --error-exitcode=9 --leak-check=full \
           --show-leak-kinds=definite --errors-for-leak-kinds=definite \
           --suppressions=$(CURDIR)/tests/tools/valgrind.supp
# what tests/tools/run_tests.sh is given
KINDS      ?= static unit fuzz physics mpi cli
RUN_static  = $(CHECKS:%=static:tests/tools/check_%.sh)
RUN_unit    = $(UNIT:%=unit:%)
RUN_fuzz    = $(FUZZ:%=fuzz:%)
RUN_physics = $(PHYSICS:%=physics:%)
RUN_mpi     = $(MPI:%=mpi:%)
RUN_cli     = $(CLI:%=cli:%)

# --- building ---
all: $(LIBRARY) $(PROGRAM) ## build the library and build/mgmd
bootstrap: ## install what is missing (Debian, Ubuntu), or say what to load
	$(bootstrap) $(BOOTSTRAP_FLAGS)
quickstart: ## install what is missing, build, run inputs/quickstart.yaml, show the results
	$(bootstrap)
	$(submake) $(jobs) all
	@packaging/quickstart.sh
FORCE:
$(BUILD)/flags: FORCE
	$(call remember,$(CC) $(MPICC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LIBS) $(TEST_CPPFLAGS) \
	  $(CHECK_LIBS) $(AVX512_FLAGS) $(AVX2_FLAGS))
$(BUILD)/revision: FORCE
	$(call remember,$(REVISION))
$(BUILD)/members: FORCE
	$(call remember,$(OBJECTS))
$(BUILD)/probed-%: $(BUILD)/flags
	$(bootstrap) --probe $* && touch $@
$(BUILD)/%.o: %.c $(BUILD)/probed-build
	$(call say,CC)
	@mkdir -p $(@D)
	$(quiet)$(MPICC) $(ALL_CPPFLAGS) $(FILE_FLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@
$(BUILD)/%.o: %.cc $(BUILD)/probed-build
	$(call say,CXX)
	@mkdir -p $(@D)
	$(quiet)$(CXX) $(CPPFLAGS) $(addprefix -I,$(filter-out /usr/include,$(VORO_DIR)/include)) \
	  -std=c++11 $(OPT) -Wall -Wextra $(CFLAGS) -ffp-contract=off -MMD -MP -c $< -o $@
$(BUILD)/src/base/version.o: $(BUILD)/revision
$(TESTS:%=%.o): $(BUILD)/probed-tests
# Quick append (q), since members from different folders may share a name.
$(LIBRARY): $(OBJECTS) $(BUILD)/members
	$(call say,AR)
	@rm -f $@
	$(quiet)$(AR) cqs $@ $(OBJECTS)
$(BUILD)/mgmd: $(BUILD)/src/cmd/main.o $(LIBRARY)
$(TESTS) $(BENCH): %: %.o $(LIBRARY)
$(FUZZ): %: %.o $(REPLAY) $(LIBRARY)
$(FAULTY): $(BUILD)/src/cmd/main.o $(INJECT) $(LIBRARY)
$(FAULTY) $(BUILD)/tests/fault/test_faults: $(INJECT) tests/fault/wrap
$(TESTS): private LINK_MORE = $(CHECK_LIBS)
$(BUILD)/tests/fault/test_faults: private LINK_MORE = $(CHECK_LIBS) @tests/fault/wrap
$(FAULTY): private LINK_MORE = @tests/fault/wrap
$(FUZZ): private LINK_MORE = $(FUZZER)
$(BUILD)/mgmd $(TESTS) $(FUZZ) $(FAULTY) $(BENCH):
	$(call say,LD)
	$(quiet)$(MPICC) $(ALL_CFLAGS) $(filter %.o %.a,$^) $(LINK_MORE) $(ALL_LIBS) -o $@
-include $(patsubst %.o,%.d,$(OBJECTS) $(OTHER_OBJECTS))

# --- tests: the last line is always "N passed, N failed[, N skipped]" ---
check: ## install what is missing, build, run every test
	$(bootstrap) --tests
	$(submake) $(jobs) all $(TESTS) $(FUZZ) $(FAULTY)
	$(submake) check-run
check-run: all $(TESTS) $(FUZZ) $(FAULTY) ## run every test, or those of KINDS, installing nothing
	@tests/tools/run_tests.sh $(foreach k,$(KINDS),$(RUN_$k))
check-unit: $(UNIT) ## serial tests of single modules
check-fuzz: $(FUZZ) ## the readers against the collected inputs in tests/fuzz/corpus
check-mpi: $(MPI) ## tests of what communicates, on each of RANKS ranks
check-physics: $(PHYSICS) ## against published numbers and independent truth
check-cli: all $(FAULTY) ## the program as its users meet it
check-unit check-fuzz check-mpi check-physics check-cli: check-%:
	@tests/tools/run_tests.sh $(RUN_$*)
$(CHECKS:%=check-%): check-%: ## rules a script can see, told at the head of tests/tools/check_*.sh
	@tests/tools/check_$*.sh
check-symbols: $(LIBRARY)
check-docs: $(PROGRAM)
sanitize: ## unit, fuzz, MPI tests, and the readers in tests/cli, under ASan and UBSan
	$(submake) $(jobs) BUILD=$(BUILD)-sanitize KINDS='unit fuzz mpi cli' RANKS='1 3' check-run \
	  CLI='$(wildcard tests/cli/malformed.sh tests/cli/inputs.sh tests/cli/paths.sh)' \
	  TEST_TIMEOUT=900 OPT='$(SANITIZERS)'
valgrind: $(UNIT) $(MPI) ## unit and MPI tests under valgrind; MPI's own is in valgrind.supp
	@HWLOC_COMPONENTS=-x86 RUN_UNDER='$(VALGRIND)' RANKS='$(VALGRIND_RANKS)' TEST_TIMEOUT=1800 \
	  tests/tools/run_tests.sh $(RUN_unit) $(RUN_mpi)
faults: $(BUILD)/tests/fault/test_faults ## every single fault on order; takes hours
	@FAULT_POINTS=all TEST_TIMEOUT=36000 tests/tools/run_tests.sh mpi:$<
fuzz: ## each reader, or READERS, against made-up bytes for FUZZ_SECONDS; needs clang
	$(submake) $(jobs) BUILD=$(BUILD)-fuzz CC=clang VORO_LIBS= REPLAY= FUZZER=-fsanitize=fuzzer \
	  fuzz-run OPT='$(SANITIZERS) -fsanitize=fuzzer-no-link'
fuzz-run: $(FUZZ)
	@tests/tools/fuzz.sh $(FUZZ_SECONDS) $(or $(READERS:%=$(BUILD)/tests/fuzz/fuzz_%),$(FUZZ))
coverage: ## lines reached by the tests, file by file
	$(submake) $(jobs) BUILD=$(BUILD)-coverage KINDS='unit physics mpi cli' RANKS='1 3' check-run \
	  OPT='-O0 --coverage'
	@tests/tools/coverage.sh $(BUILD)-coverage
bench: all ## mgmd and LAMMPS on the same samples (hours; QUICK=1: minutes)
	@RANKS='$(if $(filter file,$(origin RANKS)),1 2,$(RANKS))' bench/compare.sh
bench-size: all ## time and memory per atom against the number of atoms
	@bench/size.sh
bench-kernels: $(BENCH) ## each force kernel alone: ns per atom, cycles per pair
	@$(BUILD)/bench/kernels $(BENCH_ARGS)
format: ## lay the code out by .clang-format
	clang-format -i $(FORMATTED)
format-check: ## does the layout follow .clang-format?
	@if command -v clang-format >/dev/null; then clang-format --dry-run -Werror $(FORMATTED); \
	  else echo "format-check: skipped, clang-format is not installed"; fi
tidy: ## clang-tidy by .clang-tidy
	@command -v clang-tidy
	@printf '%s\n' $(wildcard src/*/*.c) | xargs -n 1 -P $(NPROC) sh -c 'clang-tidy --quiet "$$0" -- \
	  -std=c11 $(ALL_CPPFLAGS) $(filter -I%,$(shell $(MPICC) -show)) 2>/dev/null'

# --- documents and packages ---
docs: $(BUILD)/mgmd ## let the program write docs/input.md, docs/mgmd.1, packaging/completion/
	@tests/tools/check_docs.sh --write
install: all ## install below DESTDIR PREFIX
	@packaging/install.sh '$(DESTDIR)$(PREFIX)'
uninstall: ## remove what install put there
	@packaging/install.sh --remove '$(DESTDIR)$(PREFIX)'
dist: ## build/mgmd-VERSION.tar.gz from the files git knows
	@packaging/dist.sh '$(VERSION)' '$(REVISION)'
distcheck: dist ## unpack, build, test, install, uninstall that tarball
	@packaging/distcheck.sh '$(VERSION)'
clean: ## remove everything built
	rm -rf $(BUILD) $(BUILD)-sanitize $(BUILD)-coverage $(BUILD)-fuzz
help: ## this list
	@sed -n '2,6s/^# //p' Makefile; awk -F':.*## ' '/^[a-z$$][^=]*:.*## / \
	  { sub(/^\$$.*/, "check-{$(CHECKS)}", $$1); printf "  %-14s %s\n", $$1, $$2 }' Makefile
info: ## how this build is configured
	@$(foreach v,VERSION REVISION MPICC MPIRUN CC ALL_CPPFLAGS ALL_CFLAGS ALL_LIBS CHECK_LIBS \
	  AVX512_FLAGS AVX2_FLAGS BUILD PREFIX RANKS,printf '%-13s %s\n' $v '$(subst ','\'',$($v))';)
	@$(MPICC) --version | head -n 1
print-%:
	@printf '%s\n' '$(subst ','\'',$($*))'
.PHONY: all bootstrap quickstart FORCE check check-run check-unit check-mpi check-physics \
  check-cli $(CHECKS:%=check-%) sanitize valgrind coverage bench bench-size bench-kernels \
  format format-check tidy docs install uninstall dist distcheck clean help info
.PHONY: check-fuzz faults fuzz fuzz-run
.SECONDARY:
