require 'a_feature_that_is_nowhere'
