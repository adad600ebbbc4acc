"""Functions that py> tasks of the tests call."""
import functools
import os
import sys

import digdag
from digdag import env


def seen(**values):
    digdag.env.store(seen=values)


def nothing():
    seen()


def required(name):
    seen(name=name)


def default(name, times=3, *rest):
    seen(name=name, times=times, rest=list(rest))


def keyword_only(*, name, times=3):
    seen(name=name, times=times)


def positional_only(name, times=3, unit="s", /):
    seen(name=name, times=times, unit=unit)


def everything(name, **rest):
    seen(name=name, others=sorted(k for k in rest if k in ("a-b", "times", "name")))


def passes_on(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def takes_config(function):
    @functools.wraps(function)
    def wrapper(**params):
        return function(params)

    return wrapper


@passes_on
def decorated(name, times=3):
    seen(name=name, times=times)


@takes_config
def configured(config):
    seen(name=config["name"])


@functools.lru_cache()
def cached(name):
    seen(name=name)


builtin = dir


def alone(function):
    @functools.wraps(function)
    def wrapper():
        seen(alone=True)

    return wrapper


@alone
def unwrapped(name):
    pass


async def eventually(name):
    seen(name=name)


class Counter(object):
    def __init__(self, start, step=1):
        self.value = start
        self.step = step

    def run(self, times=1):
        seen(value=self.value + self.step * times)

    def add(self, by):
        seen(value=self.value + by)

    @classmethod
    def of_class(cls, name):
        seen(name=name, cls=cls.__name__)

    @staticmethod
    def static(name):
        seen(name=name)

    class Inner:
        def add(self, by):
            seen(inner=by)


class Plain:
    def run(self):
        seen(plain=True)


class Failure(Exception):
    def run(self):
        seen(failure=True)


class Single:
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __init__(self, name):
        self.name = name

    def run(self):
        seen(name=self.name)


class Nothing:
    pass


counter = Counter(40)
text = "hello"


def store_and_export():
    env.store({"a": 1, "b": {"c": [1, 2.5, None, True, "x"]}}, d="text")
    env.store(a=2)
    env.export({"shout": "HELLO"}, quiet=1)
    env.set_state({"x": 1}, y=2)


def reset():
    env.reset_store_param("old")
    env.reset_store_param("a.b")
    env.store(new=1)


def old_module():
    import digdag_env
    import digdag.env as dotted

    digdag_env.store_params["old"] = digdag_env.params["name"]
    seen(same=dotted is digdag_env is env, name=env.params["name"])


def subtasks():
    env.add_subtask(required, name="a")
    env.add_subtask(Counter.add, start=1, by=2)
    env.add_subtask({"echo>": "hi", "x": 1}, x=2)
    env.add_subtask({"sh>": "exit 0"})
    env.add_subtask(**{"_type": "echo", "_command": "there"})
    env.subtask_config["+own"] = {"echo>": "own"}
    env.subtask_config["+subtask3"]["sh>"] = "exit 1"


def unserializable_subtask():
    env.add_subtask(required, name=object())


def lambda_subtask():
    env.add_subtask(lambda: None)


def unserializable():
    env.store(fine=1, broken={1, 2})


def not_a_number():
    env.export(x=float("nan"))


def circular():
    x = []
    x.append(x)
    env.store(x=x)


def unicode(name):
    print("printed " + name)
    env.store(name=name, lone="\ud800", **{"\u30ad\u30fc": "\U0001f600"})


def big(blob):
    env.store(size=len(blob), blob=blob)


def elsewhere():
    os.chdir("/")
    env.store(cwd=os.getcwd())


def streams():
    print("out 1")
    print("err 1", file=sys.stderr)
    print("out 2")


def explode():
    raise ValueError("boom")


def chained():
    try:
        {}["key"]
    except KeyError as error:
        raise RuntimeError("no key") from error


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("never")


def unprintable():
    raise Unprintable()


def leaves(code):
    env.store(x=1)
    sys.exit(code)


def vanishes():
    env.store(x=1)
    os._exit(0)


def dies():
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def recurses():
    recurses()


def double(n):
    return n * 2, env.params["name"]


def spawns():
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        env.store(results=pool.map(double, [1, 2]))
