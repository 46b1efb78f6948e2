-- A cache that holds pages for as long as somebody else does.
--
-- SPDX-License-Identifier: CC0-1.0

local lgi = require 'lgi'
local GcObj = lgi.require('GcObj', '1.0')

local arena = GcObj.Arena()
local Page = GcObj.record('Page', { name = 'string' })
local cache = arena:mutate(GcObj.Table, nil, { 'WEAK_VALUES' })

local function page(name)
  local found = cache[name]
  print(found and 'have' or 'load', name)
  if not found then
    found = arena:mutate(Page, { name = name })
    cache[name] = found
  end
  return found
end

local index = page('index')
page('about')                           -- is shown, and let go
page('index')

collectgarbage() collectgarbage()       -- Lua's own wrappers
arena:collect()
print('after a collection:')
page('index')
page('about')
