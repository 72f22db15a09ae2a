# Around bubblewrap, as the root of namespaces of its own: bounds the number of tasks, mounts overlays, and becomes bwrap.
# Arguments: tasks (lower upper work target)... -- command...
set -u
# A bound of this pid namespace and those in it; 0 where the kernel has only one for the whole machine.
[ "$1" = 0 ] || echo "$1" 2>/dev/null > /proc/sys/kernel/pid_max || :
shift
mount --make-rprivate / || exit 125
while [ "$1" != "--" ]; do
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4" || exit 125
  shift 4
done
shift
# Not exec: process 1 of a pid namespace stays this shell, which reaps what is left over.
"$@"
exit $?
