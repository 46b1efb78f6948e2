# What build-aux/run, build-aux/test and build-aux/debian13 share: the packages,
# and how a build folder is set up. Sourced, never run.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

# Debian's names. Recommended packages are not installed, so those that are
# needed are listed. The same names are good for Debian 12 and 13.
packages_build="gcc libc6-dev meson ninja-build pkg-config python3 libglib2.0-dev"
packages_bindings="gobject-introspection libgirepository1.0-dev gjs valac python3-gi lua5.1 lua5.3 lua-lgi"
packages_checks="g++ clang libgc-dev git"
packages_docs="gtk-doc-tools libglib2.0-doc docbook-xml docbook-xsl xsltproc"
packages_tracing="libsysprof-capture-4-dev systemtap-sdt-dev gdb binutils"
packages_gtk="libgtk-4-dev xvfb imagemagick fonts-dejavu-core"
packages_readers="nodejs"
packages_memory="valgrind libc6-dbg"
packages_rivals="libgc-dev libmimalloc2.0 ocaml-nox golang-go"

say () { printf '%s\n' "$*"; }
fail () { printf '%s: %s\n' "$program" "$*" >&2; exit 1; }
have () { command -v "$1" >/dev/null 2>&1; }

# Sets as_root to what runs a command as root without asking for a password.
find_root ()
{
  as_root=
  if [ "$(id -u)" -eq 0 ]; then
    return 0
  elif have sudo && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    return 1
  fi
}

# Prints those of the packages that are not installed.
missing_packages ()
{
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk -v wanted="$*" '
      $2 == "installed" { there[$1] = 1 }
      END {
        n = split (wanted, name, " ")
        for (i = 1; i <= n; i++)
          if (!(name[i] in there))
            printf "%s ", name[i]
      }'
}

apt_install ()
{
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y \
    --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

# Sees to it that the packages are installed, or stops and says what to do.
need_packages ()
{
  if ! have dpkg-query || ! have apt-get; then
    for tool in cc meson ninja pkg-config python3; do
      have $tool || fail "$tool is missing. This is not a Debian system: please install what corresponds to: $*"
    done
    return 0
  fi

  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0

  # (Word splitting is meant: $missing is a list.)
  if ! find_root; then
    fail "these packages are missing. Install them and try again:
  sudo apt-get install --no-install-recommends $missing"
  fi

  say "Installing: $missing"
  if ! apt-cache show --no-all-versions $missing >/dev/null 2>&1; then
    $as_root apt-get update || fail "apt-get update failed"
    apt_install $missing || fail "could not install: $missing"
  elif ! apt_install $missing; then
    # The lists may name versions that are gone.
    $as_root apt-get update || fail "apt-get update failed"
    apt_install $missing || fail "could not install: $missing"
  fi
}

# configure FOLDER OPTION…: sets a build folder up, or brings its options up to
# date. A folder that an older Meson or another compiler left behind is wiped.
configure ()
{
  folder=$1
  shift
  stamp="$* CC=${CC-} CFLAGS=${CFLAGS-} LDFLAGS=${LDFLAGS-} $(meson --version)"
  if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.options" 2>/dev/null)" = "$stamp" ]; then
    return 0
  fi
  rm -rf "$folder"
  say "Configuring $folder"
  if ! configured=$(meson setup "$folder" "$source_dir" "$@" 2>&1); then
    say "$configured"
    return 1
  fi
  printf '%s\n' "$stamp" > "$folder/.options"
}

# suite FOLDER NAME ARGUMENT…: runs meson test, shows what failing tests wrote,
# sets counts to "PASSED FAILED SKIPPED" and failures to a few lines on each
# that failed. The log is meson-logs/NAME*.json.
suite ()
{
  folder=$1
  name=$2
  shift 2
  rm -f "$folder/meson-logs/$name"*
  $test_wrapper meson test -C "$folder" --no-rebuild --logbase "$name" "$@"
  status=$?
  set -- "$folder/meson-logs/$name"*.json
  counts="0 0 0"
  failures=
  if [ -e "$1" ]; then
    failures=$(python3 "$source_dir/build-aux/count-tests.py" --summary "$@")
    python3 "$source_dir/build-aux/count-tests.py" --failures "$@"
    counts=$(python3 "$source_dir/build-aux/count-tests.py" "$@")
  fi
  # A failure that no test stands for.
  case $status-$counts in
    0-*) ;;
    *-*" 0 "*)
      failures="meson test ended with status $status"
      say "$failures"
      counts="${counts%% *} 1 ${counts##* }"
      ;;
  esac
  return $status
}
test_wrapper=

# The sanitizers of older compilers can't live with all address layouts, neither in tests nor in what the build runs.
fix_layout () { ! setarch "$(uname -m)" -R true 2>/dev/null || test_wrapper="setarch $(uname -m) -R"; }

# The tools of the reference want UTF-8, whatever the user's locale.
case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  *UTF-8 | *utf8) ;;
  *) LC_ALL=C.UTF-8; export LC_ALL ;;
esac
