#!/usr/bin/env bash
# Builds @tensorflow/tfjs-node's addon against TensorFlow's Python package, in a folder of its own: see README.md.
#   build.sh [FOLDER]
set -euo pipefail

tensorflow=2.9.3 # the minor version that tfjs-node 4.22 was made for
tfjs_node=4.22.0

folder=$(realpath -m "${1:-$(mktemp -d)}")
mkdir -p "$folder"
cd "$folder"

if [ ! -d tensorflow ]; then
  echo "TensorFlow $tensorflow's libraries and headers …"
  python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.10 \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --dest wheel "tensorflow-cpu==$tensorflow"
  python3 - wheel/tensorflow_cpu-*.whl <<'PYTHON'
import sys, zipfile
wanted = ("tensorflow/python/_pywrap_tensorflow_internal.so", "tensorflow/libtensorflow_framework.so.2",
          "tensorflow/include/tensorflow/c/", "tensorflow/include/tensorflow/core/platform/")
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(members=[name for name in wheel.namelist() if name.startswith(wanted)])
PYTHON
  rm -r wheel
fi

echo "tfjs-node $tfjs_node's sources and JavaScript …"
[ -f package.json ] || echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts "@tensorflow/tfjs-node@$tfjs_node" node-api-headers@1
package=node_modules/@tensorflow/tfjs-node

# TensorFlow's Python library has the C API in it, and refers to Python. None of that is called from here: the symbols need
# only be there when the library is loaded.
echo "a library of Python's symbols …"
library=tensorflow/python/_pywrap_tensorflow_internal.so
{
  echo '.section .note.GNU-stack,"",@progbits'
  echo '.data'
  nm --dynamic --undefined-only "$library" | awk '$2 ~ /^_?Py/ { print $2 }' | sort -u | while read -r symbol; do
    printf '.globl %s\n.type %s, @object\n.balign 16\n%s: .zero 512\n' "$symbol" "$symbol" "$symbol"
  done
} >python-symbols.s
g++ -shared -o libpython-symbols.so -Wl,-soname,libpython-symbols.so python-symbols.s

echo "the addon …"
mkdir -p "$package/lib/napi-v8"
# The older kind of run path holds for the libraries' own needs as well.
g++ -O2 -std=c++17 -fPIC -shared -DNAPI_VERSION=8 \
  -Inode_modules/node-api-headers/include -Itensorflow/include -I"$package/binding" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  -o "$package/lib/napi-v8/tfjs_binding.node" \
  -L. -Ltensorflow/python -Ltensorflow \
  -Wl,--no-as-needed -lpython-symbols -l:_pywrap_tensorflow_internal.so -l:libtensorflow_framework.so.2 \
  -Wl,--allow-shlib-undefined \
  -Wl,--disable-new-dtags,-rpath,"$folder:$folder/tensorflow/python:$folder/tensorflow"

TF_CPP_MIN_LOG_LEVEL=1 node -e "
  const tf = require('@tensorflow/tfjs-node');
  const sum = tf.sum(tf.matMul(tf.ones([2, 3]), tf.ones([3, 4]))).dataSync()[0];
  if (sum !== 24) throw new Error('Expected 24, got ' + sum);
"
echo "TensorFlow $tensorflow computes for tfjs-node $tfjs_node in $folder"
