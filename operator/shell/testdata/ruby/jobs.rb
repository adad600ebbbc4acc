# Methods that rb> tasks of the tests call.

def seen(values = {})
  Digdag.env.store(seen: values)
end

def nothing
  seen
end

def required(name)
  seen name: name
end

def default(name, times = 3, *rest)
  seen name: name, times: times, rest: rest
end

def optional(a = 1, b = 2)
  seen a: a, b: b
end

def between(a, b = 2, c)
  seen a: a, b: b, c: c
end

def keywords(name:, times: 3)
  seen name: name, times: times
end

def everything(name, **rest)
  seen name: name, nested: rest[:nested], rest: rest.key?(:name)
end

def run
  seen top: true
end

module Jobs
  def self.of_module(name)
    Digdag.env.store(seen: { name: name })
  end

  class Counter
    def initialize(start, step: 1)
      @value = start
      @step = step
    end

    def run(times = 1)
      Digdag.env.store(seen: { value: @value + @step * times })
    end

    def add(by)
      Digdag.env.store(seen: { value: @value + by })
    end

    def keyword(by:)
      Digdag.env.store(seen: { value: @value + by })
    end

    def self.of_class(name)
      Digdag.env.store(seen: { name: name })
    end

    private

    def hidden; end
  end

  class Plain
    def run
      Digdag.env.store(seen: { plain: true })
    end
  end

  class Made
    def self.new(name)
      object = allocate
      object.instance_variable_set(:@name, name)
      object
    end

    def run
      Digdag.env.store(seen: { name: @name })
    end
  end

  module Extended
    extend self

    def run(name)
      Digdag.env.store(seen: { name: name })
    end
  end
end

def store_and_export
  Digdag.env.store({ 'a' => 1, 'b' => { 'c' => [1, 2.5, nil, true, 'x'] } })
  Digdag.env.store('a' => 2, 'd' => 'text')
  Digdag.env.export(shout: 'HELLO')
  Digdag.env.set_state(x: 1)
end

def reset
  Digdag.env.reset_store_param('old')
  Digdag.env.reset_store_param(:'a.b')
  Digdag.env.store(new: 1)
end

def subtasks
  Digdag.env.add_subtask('echo>' => 'hi', 'x' => 1)
  Digdag.env.add_subtask({ 'sh>' => 'exit 0' })
  Digdag.env.add_subtask(:required, name: 'a')
  Digdag.env.add_subtask(:nothing)
  Digdag.env.add_subtask(Jobs::Counter, :add, start: 1, by: 2)
  Digdag.env.add_subtask(Jobs::Plain, :run)
  Digdag.env.subtask_config['+own'] = { 'echo>' => 'own' }
  Digdag.env.subtask_config['+subtask1']['sh>'] = 'exit 1'
end

def unserializable_subtask
  Digdag.env.add_subtask('x' => Float::NAN)
end

def strange_subtask
  Digdag.env.add_subtask(42)
end

def unserializable
  Digdag.env.store(fine: 1, broken: Float::INFINITY)
end

def unicode(name)
  puts "printed #{name}"
  Digdag.env.store(name: name, "\u30ad\u30fc" => "\u{1f600}")
end

def big(blob)
  Digdag.env.store(size: blob.size, blob: blob)
end

def elsewhere
  Dir.chdir('/')
  Digdag.env.store(cwd: Dir.pwd)
end

def streams
  puts 'out 1'
  warn 'err 1'
  puts 'out 2'
end

def explode
  raise ArgumentError, 'boom'
end

def binary
  raise "bytes \xff\xfe".b
end

def leaves(code)
  Digdag.env.store(x: 1)
  exit code
end

def vanishes
  exit! 0
end

def dies
  Process.kill(:KILL, Process.pid)
end

def recurses
  recurses
end
