#!/bin/sh
# Makes the namespace that complaints live in, once. The command reads TEMPORAL_ADDRESS itself;
# RETENTION is how long the history of an ended complaint is kept.
set -eu

temporal operator cluster health
if temporal operator namespace describe --namespace "$NAMESPACE" >/dev/null 2>&1; then
  echo "the namespace $NAMESPACE is there"
else
  temporal operator namespace create --namespace "$NAMESPACE" --retention "$RETENTION"
fi
