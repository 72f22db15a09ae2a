# Inside bubblewrap: says that the sandbox stands, then becomes the command. Arguments: marker command...
printf '%s\n' "$1"
shift
exec "$@"
