# Mounts overlays in a mount namespace of its own, then becomes the command.
# Arguments: (lower upper work target)... -- command...
set -u
mount --make-rprivate / || exit 125
while [ "$1" != "--" ]; do
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4" || exit 125
  shift 4
done
shift
exec "$@"
