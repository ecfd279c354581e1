"""Checks that NumPy, safetensors, Flax and TensorBoard read what Javelin writes, and that Javelin reads what they write.

Run by hand, not in CI, with a Python that has numpy, ml_dtypes, safetensors, flax and tensorboard, after a build:
    ./run conformance --help
    python conformance/interchange.py java -cp conformance/target/javelin-conformance.jar:$(cat conformance/target/class-path)
"""
import os
import subprocess
import sys
import tempfile

import jax.numpy as jnp
import ml_dtypes
import numpy as np
from flax import serialization
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

TYPES = dict(F32='float32', F64='float64', BF16='bfloat16', F16='float16', I8='int8', I16='int16', I32='int32', I64='int64',
             U8='uint8', U16='uint16', U32='uint32', U64='uint64', BOOL='bool')


def tensor(dtype, *shape):
    i = np.arange(int(np.prod(shape)))
    numbers = i % 2 if dtype == 'bool' else (37 * i * i + 11 * i) % 128
    return numbers.astype(ml_dtypes.bfloat16 if dtype == 'bfloat16' else dtype).reshape(shape)


def tensors():
    all = {name: tensor(dtype, 3, 5) for name, dtype in TYPES.items()}
    return all | dict(vector=tensor('float32', 7), scalar=tensor('float64'), empty=tensor('float32', 2, 0))


def same(found, what):
    assert set(found) == set(tensors()), (what, set(found))
    for name, expected in tensors().items():
        t = np.asarray(found[name])
        if t.dtype == np.dtype('V2'):
            t = t.view(ml_dtypes.bfloat16)
        assert t.dtype == expected.dtype and t.shape == expected.shape, (what, name, t.dtype, t.shape)
        assert t.tobytes() == expected.tobytes(), (what, name, t)
    print('ok', what)


def main():
    java = sys.argv[1:] + ['javelin.conformance.Interchange']
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        subprocess.run(java + ['write', folder], check=True)
        same(load_file(path('ours.safetensors')), 'safetensors reads ours')
        with safe_open(path('ours.safetensors'), 'numpy') as f:
            assert f.metadata() == {'who': 'Javelin'}
        same(dict(np.load(path('ours.npz'))), 'numpy reads our npz')
        same(dict(np.load(path('ours-compressed.npz'))), 'numpy reads our compressed npz')
        assert (np.load(path('ours.npy')) == tensor('float32', 3, 5)).all()
        with open(path('ours.msgpack'), 'rb') as f:
            same(serialization.msgpack_restore(f.read())['params'], 'Flax reads our msgpack')
        with open(path('ours.msgpack'), 'rb') as f:
            restored = serialization.from_bytes({'params': {k: np.zeros_like(v) for k, v in tensors().items()}}, f.read())
            same(restored['params'], 'Flax restores our msgpack into a template')
        events(path('events'))

        save_file(tensors(), path('theirs.safetensors'))
        np.savez(path('theirs.npz'), **tensors())
        np.savez_compressed(path('theirs-compressed.npz'), **tensors())
        np.save(path('theirs.npy'), tensor('float32', 3, 5))
        on_device = {k: jnp.asarray(v) if v.dtype.itemsize < 8 else v for k, v in tensors().items()}
        with open(path('theirs.msgpack'), 'wb') as f:
            f.write(serialization.to_bytes({'params': on_device}))
        subprocess.run(java + ['read', folder], check=True)


def events(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    read = EventAccumulator(folder)
    read.Reload()
    assert [e.step for e in read.Scalars('loss')] == [0, 100, 200]
    assert [e.value for e in read.Scalars('loss')] == [np.float32(1 / (1 + i)) for i in (0, 100, 200)]
    assert [round(e.value, 6) for e in read.Scalars('accuracy')] == [0, 0.333333, 0.666667]
    print('ok', 'TensorBoard reads our events')


main()
