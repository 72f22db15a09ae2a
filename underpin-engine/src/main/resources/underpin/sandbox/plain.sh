# Without a sandbox: runs the command in a process group of its own, and ends that group when the one who
# asked for it is gone (its pipe to us closes). Arguments: marker command...
printf '%s\n' "$1"
shift
exec 3<&0 </dev/null
if command -v setsid >/dev/null 2>&1; then
  setsid "$@" 3<&- &
else
  set -m
  "$@" 3<&- &
  set +m
fi
group=$!
{ while read -r _; do :; done; kill -KILL -"$group"; } <&3 >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$group"
code=$?
kill -KILL "$watch" 2>/dev/null
# What the command started and left behind in its group.
kill -KILL -"$group" 2>/dev/null
exit $code
