# Runs as process 1 of fresh namespaces (user, mount, pid, ipc, uts, and net unless shared), as their root.
# Builds a root of its own out of the listed places, moves into it, and runs the command without any capability.
# What goes wrong before the marker is printed is the sandbox's failure; what comes after is the command's.
#
# Arguments: marker tasks bytes java classpath uid gid folder   (java is "-" when the network is shared)
#            (tmp path - | ro path - | rw path - | dev path - | link path target | overlay path lower upper work)... -- command...
set -u
fail() { echo "cannot enter the sandbox: $1"; exit 125; }

marker=$1 tasks=$2 bytes=$3 java=$4 classpath=$5 uid=$6 gid=$7 folder=$8
shift 8
# Nothing is ever read from the host's /sys inside, so it serves as the place where the new root is put together:
# it always exists, and nothing is left behind there.
new=/sys

mount --make-rprivate / || fail "mounts cannot be made private"

# Before the new root exists: the old one has the tools for it.
if [ "$java" != "-" ]; then
  { command -v ip >/dev/null 2>&1 && ip link set lo up 2>/dev/null; } ||
    { [ -x /sbin/ip ] && /sbin/ip link set lo up 2>/dev/null; } ||
    "$java" -Xshare:auto -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$classpath" underpin.sandbox.Loopback ||
    fail "loopback does not come up"
fi

mount -t tmpfs -o mode=755,nosuid,nodev,size=16m tmpfs $new || fail "no tmpfs for its root"

# Makes a mount and all that is mounted below it read-only. Flags that the host set must be repeated, or the kernel refuses.
readonly_tree() {
  while read -r _ _ _ _ at options _; do
    # Octal escapes stand for blanks and the like; a process for each line would take seconds.
    case "$at" in *\\*) at=$(printf '%b' "$at") ;; esac
    case "$at" in
      "$1" | "$1"/*)
        keep=ro
        for flag in nosuid nodev noexec noatime nodiratime relatime; do
          case ",$options," in *",$flag,"*) keep="$keep,$flag" ;; esac
        done
        mount -o "remount,bind,$keep" "$at" || return 1
        ;;
    esac
  done < /proc/self/mountinfo
}

place() {
  if [ -d "$1" ]; then mkdir -p "$new$1"; else mkdir -p "$new${1%/*}" && : > "$new$1"; fi
}

while [ "$1" != "--" ]; do
  kind=$1 path=$2
  case $kind in
    tmp)
      mkdir -p "$new$path" && mount -t tmpfs -o "mode=1777,nosuid,nodev,size=$bytes" tmpfs "$new$path" || fail "no tmpfs at $path"
      shift 3 ;;
    ro)
      place "$path" && mount --rbind "$path" "$new$path" && readonly_tree "$new$path" || fail "$path cannot be shown read-only"
      shift 3 ;;
    rw)
      place "$path" && mount --rbind "$path" "$new$path" || fail "$path cannot be shown"
      shift 3 ;;
    dev)
      mkdir -p "$new/dev" && : > "$new$path" && mount --bind "$path" "$new$path" || fail "$path cannot be shown"
      shift 3 ;;
    link)
      mkdir -p "$new${path%/*}" && ln -s "$3" "$new$path" || fail "$path cannot be linked"
      shift 3 ;;
    overlay)
      mkdir -p "$new$path" &&
        mount -t overlay overlay -o "lowerdir=$3,upperdir=$4,workdir=$5" "$new$path" || fail "$path cannot be overlaid"
      shift 5 ;;
    *) fail "unknown entry $kind" ;;
  esac
done
shift

mkdir -p $new/proc $new/.old && mount -t proc proc $new/proc || fail "no /proc of its own"
# A bound of this pid namespace; 0 where the kernel has only one for the whole machine.
[ "$tasks" = 0 ] || echo "$tasks" 2>/dev/null > $new/proc/sys/kernel/pid_max || :
# No namespaces within: they would hand out capabilities again.
if [ "$uid" = 0 ]; then more=0; else more=1; fi
echo $more 2>/dev/null > $new/proc/sys/user/max_user_namespaces || :
# Where underpin runs as root, these would be writable by the owner's right, without any capability.
for part in sys sysrq-trigger irq bus; do
  if [ -e "$new/proc/$part" ]; then
    mount --bind "$new/proc/$part" "$new/proc/$part" &&
      mount -o remount,bind,ro,nosuid,nodev,noexec "$new/proc/$part" || fail "/proc/$part cannot be made read-only"
  fi
done

cd $new && pivot_root . .old || fail "no move into the new root"
umount -l /.old && rmdir /.old || fail "the old root stays mounted"
mount -o remount,bind,ro,nosuid,nodev / || fail "its root cannot be made read-only"
cd "$folder" || fail "no folder $folder"

printf '%s\n' "$marker"
# Not exec: process 1 stays this shell, which reaps what is left over; when it ends, the kernel kills all that remains.
if [ "$uid" = 0 ]; then
  setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@" < /dev/null
else
  unshare --user --map-user="$uid" --map-group="$gid" -- setpriv --no-new-privs --inh-caps=-all -- "$@" < /dev/null
fi
exit $?
