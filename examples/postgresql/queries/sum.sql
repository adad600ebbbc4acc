select city, sum(amount)::int as amount from sales where day = '${day}' group by city
