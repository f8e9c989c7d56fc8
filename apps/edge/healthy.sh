#!/bin/sh
# Whether the edge answers. The official image has BusyBox, which has wget; one on Debian has Bash,
# which opens a connection by itself.
if command -v wget >/dev/null; then
  exec wget -q -O /dev/null http://127.0.0.1:8080/healthy
fi
exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080 &&
  printf "GET /healthy HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n" >&3 && read -r answer <&3 && [[ $answer == *" 200 "* ]]'
