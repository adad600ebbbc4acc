class Sales
  # Adds up the amounts of each city.
  def self.read(file)
    totals = Hash.new(0)
    File.foreach(file).drop(1).each do |row|
      city, amount = row.strip.split(',')
      totals[city] += amount.to_i
    end
    city, amount = totals.max_by { |_, sum| sum }
    Digdag.env.store(totals: totals, largest: { city: city, amount: amount })
  end

  def self.report(totals, minimum: 0)
    totals.sort.each do |city, amount|
      Digdag.env.add_subtask(Sales, :line, city: city, amount: amount) if amount >= minimum
    end
  end

  def line(city, amount)
    puts format('%-8s %5d', city, amount)
  end
end
